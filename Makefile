# Two commands matter: `make run` and `make test`. Each sets up what it needs and may be the first one typed.

ADDRESS := 127.0.0.1
PORT := 8501
VENV := .venv
PY := $(VENV)/bin/python
READY := $(VENV)/.ready


.DEFAULT_GOAL := run
.PHONY: run test check format lock browser bench clean

run: $(READY)
	@$(PY) -m engine sample --analyze-if-empty
	@echo "Sightline is at http://$(ADDRESS):$(PORT)  (Ctrl-C stops it)"
	@exec $(VENV)/bin/streamlit run app.py --server.address $(ADDRESS) --server.port $(PORT)

test: $(READY)
	@$(PY) -m pytest -n 2 --dist loadfile

check: $(READY)
	@$(VENV)/bin/ruff format --check .
	@$(VENV)/bin/ruff check .
	@$(VENV)/bin/mypy
	@$(PY) -m pytest -q -m "not slow and not footage and not browser"

format: $(READY)
	@$(VENV)/bin/ruff format .
	@$(VENV)/bin/ruff check --fix .

bench: $(READY)
	@$(PY) -m engine bench analyze

# Browser tests drive the system's Chromium; Debian and Ubuntu only.
browser:
	apt-get update -qq && apt-get install -y -qq chromium fonts-noto-cjk

# Every version pinned for Python 3.11 and 3.12; no address of an index in the file.
lock: $(READY)
	@$(VENV)/bin/uv pip compile -q --universal --python-version 3.11 --no-emit-index-url --no-header --no-annotate \
		requirements.in -o requirements.txt

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis artifacts

# requirements.txt names every package, so none is looked up again (--no-deps): what pyproject.toml leaves out stays out.
$(READY): requirements.txt
	@python=; for candidate in python3 python3.12 python3.11; do \
		if $$candidate -c 'import sys, ensurepip; sys.exit(sys.version_info[:2] not in ((3, 11), (3, 12)))' 2>/dev/null; \
		then python=$$candidate; break; fi; \
	done; \
	if [ -z "$$python" ]; then \
		echo "Sightline needs Python 3.11 or 3.12 with its venv module (Debian: apt install python3-venv)."; exit 1; \
	fi; \
	echo "Installing into $(VENV) with $$python (a few minutes the first time) ..."; \
	[ -x $(PY) ] || $$python -m venv $(VENV)
	@# uv is several times quicker; pip serves where only pip is set up to reach a package source.
	@$(PY) -m pip install -q --disable-pip-version-check uv \
		&& $(VENV)/bin/uv pip install -q --python $(PY) --no-deps -r requirements.txt \
		|| $(PY) -m pip install -q --disable-pip-version-check --no-deps -r requirements.txt
	@touch $@
