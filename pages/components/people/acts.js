// Telling the page what was done: numbered, and told again until the page has answered, so that no press is lost while
// the page is being drawn.

const TYPING = 'input:not([type="range"]):not([type="checkbox"]), textarea, select, [contenteditable="true"]';

// Numbers what is done, and keeps it until the page has done it.
function actsOf() {
  const acts = {
    n: 0,
    pending: [],
    report: () => {},
    get busy() {
      return acts.pending.some((act) => act.kind !== "mode");
    },
    send(act) {
      acts.pending.push({ ...act, n: ++acts.n });
      acts.report("told", { n: acts.n, acts: [...acts.pending] });
    },
    done(n) {
      acts.n = Math.max(acts.n, n);
      acts.pending = acts.pending.filter((act) => act.n > n);
    },
  };
  return acts;
}

// Whether a key is meant for a field or a dialog.
function typing(event) {
  const [target] = event.composedPath();
  return target.matches?.(TYPING) || document.querySelector('[role="dialog"]');
}
