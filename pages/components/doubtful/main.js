// Nothing to see: tells the list of people as "sightline:doubtful" who may be whom. It is an element of its own because the
// answer may take longer than the list, which must not wait for it. What was told last is kept for a list that comes later.

export default function ({ data }) {
  window.sightlineDoubtful = data;
  window.dispatchEvent(new CustomEvent("sightline:doubtful", { detail: data }));
}
