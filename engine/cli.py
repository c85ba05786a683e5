"""The command line: what may be asked, and how errors become exit codes. The commands lie in `engine.commands`.

Results go to standard output, progress and errors to standard error; with `--json` standard output holds one JSON
value and nothing else. May import: `engine.commands`, `engine.core`.
"""

from __future__ import annotations

import argparse
import logging
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from engine.commands.output import say
from engine.core.config import PROFILES, load_settings
from engine.core.errors import ExitCode, SightlineError

EXPORT_FORMATS = ("json", "csv", "parquet", "ava", "webvtt", "eaf")

REID_MODELS = ("mobilenetv3", "squeezenet", "mobilevitv2", "convnextv2")

_BENCHES = {
    "analyze": "measure:bench",
    "pages": "bench_pages:bench_pages",
    "search": "bench_search:bench_search",
    "upload": "bench_upload:bench_upload",
}


def build_parser() -> argparse.ArgumentParser:
    """The parser of all commands; `command` of the parsed arguments is "module:function" in `engine.commands`.

    Commands are imported when they run: `--help` and `list` need not wait for what only `analyze` uses.
    """
    parser = argparse.ArgumentParser(
        prog="python -m engine", description="Footage in, people out. SIGHTLINE_HOME says where everything is kept."
    )
    parser.add_argument("--verbose", action="store_true", help="log what happens to standard error")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _add_footage_commands(commands)
    _add_search_command(commands)
    _add_service_commands(commands)
    _add_training_commands(commands)
    return parser


def _add(commands: Any, name: str, run: str, help_text: str, *, as_json: bool = False) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = commands.add_parser(name, help=help_text, description=help_text)
    parser.set_defaults(command=run)
    if as_json:
        parser.add_argument("--json", action="store_true", help="print one JSON value and nothing else")
    return parser


def _add_footage_commands(commands: Any) -> None:
    sample = _add(
        commands, "sample", "footage:sample", "build the sample clip from installed photographs, print its path"
    )
    sample.add_argument("--analyze-if-empty", action="store_true", help="and analyse it where there is no footage yet")
    analyze = _add(commands, "analyze", "analysis:analyze", "analyse footage, a line for each", as_json=True)
    analyze.add_argument("sources", nargs="+", metavar="SOURCE", help="file, folder, http(s):// or s3://")
    analyze.add_argument("--profile", choices=PROFILES, default="auto", help="which tier of models answers")
    analyze.add_argument("--fps", type=float, help="analysed frames a second (default 5)")
    analyze.add_argument("--person-model", default="", metavar="PATH", help="YOLO weights to find people with")
    _add(commands, "list", "footage:list_footage", "list footage and its latest run", as_json=True)
    found = _add(commands, "anomalies", "anomalies:anomalies", "list what is out of the ordinary", as_json=True)
    found.add_argument("footage", nargs="?", default="", metavar="FOOTAGE", help="id or name; default all")
    export = _add(commands, "export", "footage:export", "write the latest run of a footage to a file")
    export.add_argument("footage", metavar="FOOTAGE", help="id or name")
    export.add_argument("--format", choices=EXPORT_FORMATS, default="json")
    export.add_argument("--out", type=Path, required=True, metavar="PATH")
    export.add_argument("--run", default="", metavar="ID", help="a certain run instead of the latest")


def _add_search_command(commands: Any) -> None:
    search = _add(commands, "search", "search:search", "find people by what they wear", as_json=True)
    search.add_argument("text", nargs="?", default="", metavar="TEXT", help='such as "black shirt, 청바지, no hat"')
    search.add_argument("--footage", action="append", metavar="ID", help="only this one; may be given several times")
    search.add_argument("--camera", action="append", metavar="NAME", help="only this one; may be given several times")
    search.add_argument("--top", type=int, metavar="N", help="people at most (default 5)")
    search.add_argument("--person-score", dest="min_person_score", type=float, metavar="P", help="least confidence")
    search.add_argument("--min-score", type=float, metavar="S", help="least similarity, 0 to 1; others are counted")
    search.add_argument("--sample", dest="sample_s", type=float, metavar="S", help="views so far apart only, seconds")
    search.add_argument("--seen", dest="min_seen_s", type=float, metavar="S", help="only people in view for so long")
    search.add_argument("--hours", metavar="FROM-TO", help="time of day on the camera's clock, such as 22:30-6")
    search.add_argument("--action", help="only people of whom this was told, such as running")
    search.add_argument("--emotion", help="likewise, such as angry")
    search.add_argument("--anomaly", help="likewise, such as theft")
    search.add_argument("--picture", type=Path, metavar="FILE", help="find people dressed like the one in a photograph")
    search.add_argument("--csv", type=Path, metavar="FILE", help="write the answer as a table too")
    search.add_argument("--save", default="", metavar="NAME", help="keep this search under a name")
    search.add_argument("--watch", action="store_true", help="with --save: search footage by it that is analysed later")
    search.add_argument("--saved", default="", metavar="NAME", help="make a saved search again")
    search.add_argument("--saved-list", action="store_true", help="name the saved searches")


def _add_service_commands(commands: Any) -> None:
    evaluate = commands.add_parser("evaluate", help="measure a model on real footage; prints one JSON object last")
    tasks = evaluate.add_subparsers(required=True, metavar="TASK")
    person = _add(tasks, "person", "measure:evaluate_person", "score a person detector against a reference detector")
    person.add_argument("--footage", type=Path, required=True, metavar="DIR")
    person.add_argument("--reference", type=Path, required=True, metavar="WEIGHTS", help="YOLO weights taken as truth")
    person.add_argument("--person-model", default="blazepose", metavar="NAME|PATH", help="the detector that is scored")
    person.add_argument("--fps", type=float, help="frames a second; default 2, or all frames of clips under 10 s")
    action = _add(tasks, "action", "action:evaluate_action", "score actions against hand-made truth, by time")
    action.add_argument("--footage", type=Path, required=True, metavar="DIR", help="clips beside a truth.json")
    action.add_argument("--person-model", default="", metavar="NAME|PATH", help="the detector that finds the people")
    emotion = _add(tasks, "emotion", "emotion:evaluate_emotion", "score the emotion network on labelled faces")
    emotion.add_argument("--data", type=Path, required=True, metavar="ZIP|DIR", help="FER-2013 with validation/")
    emotion.add_argument("--weights", type=Path, metavar="PATH", help="default: the network Sightline carries")
    clothing = _add(tasks, "clothing", "blip:evaluate_clothing", "score clothing search on footage or on pictures")
    clothing.add_argument("--footage", type=Path, metavar="DIR", help="clips beside a truth.json that describes people")
    clothing.add_argument("--person-model", default="", metavar="NAME|PATH", help="the detector that finds the people")
    clothing.add_argument("--data", type=Path, metavar="DIR", help="pictures with sentences, PETA or DeepFashion")
    clothing.add_argument("--weights", type=Path, metavar="DIR", help="BLIP checkpoint for --data; default the best")
    _add_skeleton_measuring(tasks)
    _add_reid_measuring(tasks)
    identity = _add(tasks, "identity", "identity:evaluate_identity", "score who is who against hand-made truth")
    identity.add_argument("--footage", type=Path, required=True, metavar="DIR", help="clips beside a truth.json")
    identity.add_argument("--person-model", default="", metavar="NAME|PATH", help="the detector that finds the people")
    identity.add_argument("--identity-model", default="", metavar="NAME|PATH", help="what compares looks")
    identity.add_argument("--reference", type=Path, metavar="WEIGHTS", help="YOLO weights to compare boxes with")
    identity.add_argument("--no-gallery", action="store_true", help="leave out footage cut in two, mirrored, dimmed")
    models = _add(commands, "models", "weights:models", "list, fetch or verify weights", as_json=True)
    models.add_argument("action", choices=("list", "fetch", "verify"))
    models.add_argument("name", nargs="?", default="", help="one entry; default all (fetch needs one)")
    worker = _add(commands, "worker", "service:worker", "work through the queue until stopped")
    worker.add_argument("--parent", type=int, default=0, metavar="PID", help="stop when that process is gone")
    worker.add_argument("--once", action="store_true", help="stop when the queue is empty")
    _add(
        commands,
        "doctor",
        "service:doctor",
        "what is installed, which tier each task would use, what is wrong",
        as_json=True,
    )
    bench = _add(commands, "bench", "bench", "speed and memory against a peer in the same run, JSON last")
    bench.add_argument("name", nargs="?", default="analyze", choices=tuple(_BENCHES))
    bench.add_argument("source", nargs="?", type=Path, help="footage; default the sample clip")
    bench.add_argument("--size-gib", type=float, default=2.0, metavar="N", help="of the file that `upload` sends")
    bench.add_argument("--crops", type=int, default=1_000_000, metavar="N", help="kept views that `search` looks at")


def _add_training_commands(commands: Any) -> None:
    train = commands.add_parser("train", help="train a model on your own examples")
    tasks = train.add_subparsers(required=True, metavar="TASK")
    emotion = _add(tasks, "emotion", "emotion:train_emotion", "train the small emotion network on FER-2013")
    emotion.add_argument("--data", type=Path, required=True, metavar="ZIP|DIR", help="FER-2013 with train/<label>/")
    emotion.add_argument("--out", type=Path, required=True, metavar="DIR", help="checkpoint, card and pictures go here")
    emotion.add_argument("--config", type=Path, metavar="TOML", help="settings other than the defaults")
    emotion.add_argument("--resume", action="store_true", help="go on where an interrupted run was")
    blip = _add(tasks, "blip", "blip:train_blip", "fine-tune BLIP on pictures of people with sentences")
    blip.add_argument(
        "--config", type=Path, required=True, metavar="TOML", help="data, base checkpoints, out, settings"
    )
    blip.add_argument("--resume", action="store_true", help="go on where an interrupted run was")
    _add_skeleton_training(tasks)
    _add_reid_training(tasks)
    video = _add(tasks, "videomae", "videomae:train_videomae", "fine-tune a video classifier on a folder of clips")
    video.add_argument("--data", type=Path, required=True, metavar="DIR", help="one folder of clips per label")
    video.add_argument("--out", type=Path, required=True, metavar="DIR", help="checkpoint, card and pictures go here")
    video.add_argument("--base", type=Path, metavar="DIR", help="checkpoint to start from; default the fetched one")
    video.add_argument("--architecture", choices=("videomae", "vivit"), default="videomae")
    video.add_argument("--config", type=Path, metavar="TOML", help="settings other than the defaults")
    video.add_argument("--resume", action="store_true", help="go on where an interrupted run was")


def _add_reid_training(tasks: Any) -> None:
    reid = _add(tasks, "reid", "reid:train_reid", "train a network that tells people apart")
    reid.add_argument(
        "--data", type=Path, required=True, metavar="DIR", help="folders training, gallery, query of 00012_03.jpg"
    )
    reid.add_argument("--model", choices=REID_MODELS, help="default mobilenetv3")
    reid.add_argument("--loss", choices=("triplet", "quadruplet"), help="default triplet")
    reid.add_argument("--out", type=Path, metavar="DIR", help="checkpoint, card and picture; default among the models")
    reid.add_argument("--base", type=Path, metavar="DIR", help="checkpoint to start from, ours or timm's; default none")
    reid.add_argument("--config", type=Path, metavar="TOML", help="settings other than the defaults")
    reid.add_argument("--resume", action="store_true", help="go on where an interrupted run was")


def _add_reid_measuring(tasks: Any) -> None:
    reid = _add(tasks, "reid", "reid:evaluate_reid", "score how well people are found again: mAP, ranks, pictures")
    reid.add_argument("--data", type=Path, required=True, metavar="DIR", help="folders gallery, query of 00012_03.jpg")
    reid.add_argument("--weights", type=Path, metavar="PATH", help="checkpoint folder, or YOLO file")
    reid.add_argument("--model", metavar="NAME", help="back end, such as parts; default the best that is here")
    reid.add_argument("--pictures", type=Path, default=Path("reid"), metavar="DIR", help="default ./reid")


def _add_skeleton_measuring(tasks: Any) -> None:
    skeleton = _add(
        tasks,
        "skeleton-lstm",
        "anomaly_training:evaluate_skeleton_lstm",
        "score the skeleton network on labelled skeletons, window by window",
    )
    skeleton.add_argument("--data", type=Path, required=True, metavar="CSV", help="13 joints a row, label, FRAME_NUM")
    skeleton.add_argument("--weights", type=Path, metavar="PATH", help="default: the network Sightline carries")
    skeleton.add_argument(
        "--picture",
        type=Path,
        default=Path("skeleton-lstm.png"),
        metavar="PNG",
        help="confusion matrix and reliability go here (default skeleton-lstm.png)",
    )


def _add_skeleton_training(tasks: Any) -> None:
    skeleton = _add(
        tasks,
        "skeleton-lstm",
        "anomaly_training:train_skeleton_lstm",
        "train the skeleton network that looks for what is out of the ordinary",
    )
    skeleton.add_argument("--data", type=Path, required=True, metavar="CSV", help="13 joints a row, label, FRAME_NUM")
    skeleton.add_argument("--out", type=Path, required=True, metavar="DIR", help="checkpoint, card and picture go here")
    skeleton.add_argument("--config", type=Path, metavar="TOML", help="settings other than the defaults")
    skeleton.add_argument("--resume", action="store_true", help="go on where an interrupted run was")
    skeleton.add_argument(
        "--normal", type=Path, metavar="HOME", help="a SIGHTLINE_HOME with analysed footage in which nothing happens"
    )
    skeleton.add_argument("--from-reviews", action="store_true", help="also learn from events that people judged")


def main(arguments: Sequence[str]) -> int:
    """Run one command.

    Args:
        arguments: what stands behind `python -m engine`.

    Returns:
        An `ExitCode`: 0 done, 1 failed, 2 usage, 3 bad input, 4 a model is missing.
    """
    parsed = build_parser().parse_args(arguments)
    logging.basicConfig(
        level=logging.INFO if parsed.verbose else logging.WARNING,
        format="%(asctime)s %(levelname)s %(name)s: %(message)s",
        stream=sys.stderr,
    )
    try:
        parsed.settings = load_settings()
        command = _BENCHES[parsed.name] if parsed.command == "bench" else parsed.command
        module, _, function = command.partition(":")
        return int(getattr(import_module(f"engine.commands.{module}"), function)(parsed))
    except SightlineError as error:
        logging.getLogger(__name__).info("%s", error)
        say(f"sightline: {error.user_message}")
        return int(error.exit_code)
    except KeyboardInterrupt:
        say("sightline: stopped. Run the same command again to go on where it was.")
        return int(ExitCode.FAILED)
    except BrokenPipeError:
        # The reader of our output went away; nothing is wrong, but the interpreter would complain at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return int(ExitCode.DONE)
