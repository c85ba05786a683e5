// The elements of the review screen: the list of events ("queue"), one event under its player ("event"), the zones drawn
// on a picture ("zones"). `data.part` says which one this is.
//
// They talk on `window`: whatever is done anywhere goes to the list as "sightline:review" {act}, and the list alone tells
// the page. The list alone hears the keys too, so that they act in the order in which they were pressed, and hands the
// event those that are the event's: "sightline:review:key" {key, taken}, where `taken` is set by whoever acts on it.
// It tells "sightline:review:opening" {n, row} once another event is on its way: what comes with that number or a later
// one is it; `row` is its line of the list, null where the page chooses. From then on verdict, reason and note are about
// that one. An event tells "sightline:review:shown" once it is drawn. "sightline:review:mark" asks for the form in which
// an event is marked by hand. To the player they tell "sightline:seek", "sightline:toggle" and "sightline:show", and hear
// its "sightline:time".

const PARTS = { queue: queuePart, event: eventPart, zones: zonesPart };

export default function ({ data, parentElement, setStateValue }) {
  const part = (parentElement.sightline ??= PARTS[data.part](parentElement));
  part.report = setStateValue;
  const listeners = Object.entries(part.hears);
  for (const [name, listener] of listeners) window.addEventListener(name, listener);
  part.update(data); // may tell that it is shown, and be answered
  return () => {
    for (const [name, listener] of listeners) window.removeEventListener(name, listener);
  };
}
