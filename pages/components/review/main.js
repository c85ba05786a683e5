// The elements of the review screen: the list of events ("queue"), one event under its player ("event"), the zones drawn
// on a picture ("zones"). `data.part` says which one this is.
//
// They talk on `window`: whatever is done anywhere goes to the list as "sightline:review" {act}, and the list alone tells
// the page. It tells "sightline:review:opening" {n} once another event is on its way: what comes with that number or a
// later one is it. "sightline:review:mark" asks for the form in which an event is marked by hand. To the player they
// tell "sightline:seek", "sightline:toggle" and "sightline:show", and hear its "sightline:time".

const PARTS = { queue: queuePart, event: eventPart, zones: zonesPart };

export default function ({ data, parentElement, setStateValue }) {
  const part = (parentElement.sightline ??= PARTS[data.part](parentElement));
  part.report = setStateValue;
  part.update(data);
  const listeners = Object.entries(part.hears);
  for (const [name, listener] of listeners) window.addEventListener(name, listener);
  return () => {
    for (const [name, listener] of listeners) window.removeEventListener(name, listener);
  };
}
