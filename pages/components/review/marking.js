// The form in which an event is marked by hand, in the recording that is being played.

class Marking {
  constructor(box, { now, left }) {
    this.box = box;
    this.now = now; // where the player stands, seconds
    this.left = left; // called when the form is closed
    this.form = element("form", "marking");
    this.form.noValidate = true;
    box.append(this.form);
    this.open = false;
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.save();
    });
    this.form.addEventListener("keydown", (event) => event.key === "Escape" && this.leave());
  }

  update(data) {
    this.data = data;
    this.wanted = JSON.stringify([data.marking, data.text]);
    if (this.open && this.wanted !== this.drawn) this.build();
    this.box.hidden = !this.open;
  }

  show() {
    this.open = true;
    this.box.hidden = false;
    this.build();
    this.box.scrollIntoView({ block: "nearest" });
    this.controls.label.focus({ preventScroll: true });
  }

  leave() {
    this.close();
    if (!this.data.event) hand({ kind: "open", event: "" });
  }

  close() {
    this.open = false;
    this.box.hidden = true;
    this.left();
  }

  build() {
    const { text, marking, event } = this.data;
    this.drawn = this.wanted;
    const select = (pairs, value) => {
      const made = element("select", "");
      options(made, pairs, value);
      return made;
    };
    const number = (value) => Object.assign(element("input", "seconds"), { type: "number", min: 0, step: "any", value: value.toFixed(1) });
    const t = this.now();
    const end = Math.min(marking.duration, t + 2);
    this.controls = {
      footage: select(marking.footages, marking.footage),
      label: select(marking.labels.map((label) => [label, labelled(text, label)]), event?.label ?? ""),
      person: select([["", text["mark.anybody"]], ...marking.people], event?.person ?? ""),
      start: number(Math.max(0, Math.min(t - 2, end - 0.5))),
      end: number(end),
    };
    const { footage, label, person, start } = this.controls;
    footage.addEventListener("change", () => hand({ kind: "mark", footage: footage.value }));
    const here = (name) => {
      const made = button("quietly", text[`mark.here.${name}`]);
      made.addEventListener("click", () => (this.controls[name].value = this.now().toFixed(1)));
      return made;
    };
    const save = Object.assign(button("primary", text["mark.save"]), { type: "submit" });
    const cancel = button("quietly", text["mark.cancel"]);
    cancel.addEventListener("click", () => this.leave());
    this.problem = element("p", "problem");
    this.problem.setAttribute("role", "alert");
    const times = element("div", "times");
    times.append(field(text["mark.start"], start), here("start"), field(text["mark.end"], this.controls.end), here("end"));
    const words = element("div", "words");
    words.append(field(text["mark.label"], label), field(text["mark.person"], person), field(text["mark.footage"], footage));
    const row = element("div", "actions");
    row.append(save, cancel, this.problem);
    this.form.replaceChildren(element("h3", "", text["mark.title"]), words, times, row);
  }

  choose(person) {
    if (this.open && [...this.controls.person.options].some((one) => one.value === person)) this.controls.person.value = person;
  }

  save() {
    const { text, marking } = this.data;
    const { label, person, start, end } = this.controls;
    const [from, to] = [Number(start.value), Number(end.value)];
    if (!(to > from)) {
      this.problem.textContent = text["mark.order"];
      end.focus();
      return;
    }
    const words = { footage: marking.footage, person: person.value, label: label.value };
    this.close();
    hand({ kind: "add", ...words, start: from, end: to });
  }
}
