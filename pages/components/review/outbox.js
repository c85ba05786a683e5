// What is done on the screen, on its way to the page: numbered, in order, and told again until the page has answered.
//
// Which event comes after a verdict was taken back or an event was added the page alone knows. What is done until it has
// answered waits here, and is then about the event that came: a verdict never meets one that it was not meant for.

const AGAIN_MS = 3000; // without an answer for so long it is told again, and then after twice as long

class Outbox {
  constructor(carry) {
    this.carry = carry; // does something now: sends it, or what it means
    this.report = () => {}; // tells the page
    this.n = 0; // number of the last that was told
    this.pending = []; // told and not yet answered
    this.held = [];
    this.until = 0; // number of what must be answered first, 0 for nothing
    this.timer = 0;
    this.tries = 0;
  }

  get waiting() {
    return this.until > 0;
  }

  take(act) {
    if (this.waiting) this.held.push(act);
    else this.carry(act);
  }

  send(...acts) {
    for (const act of acts) this.pending.push({ n: ++this.n, ...act });
    this.tries = 0;
    this.tell();
  }

  tell() {
    // Only what differs from what was told last reaches the page.
    this.report("told", { n: this.n, acts: [...this.pending], tries: this.tries });
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.pending.length && this.tell(), AGAIN_MS * 2 ** this.tries++);
  }

  // Hold what comes until the last that was told is answered.
  wait() {
    this.until = this.n;
  }

  answered(n) {
    this.n = Math.max(this.n, n);
    this.pending = this.pending.filter((act) => act.n > n);
    if (!this.pending.length) clearTimeout(this.timer);
    if (n >= this.until) this.until = 0;
  }

  // Do what was held, as far as it is clear what it is about.
  go() {
    while (this.held.length && !this.waiting) this.carry(this.held.shift());
  }

  close() {
    clearTimeout(this.timer);
  }
}
