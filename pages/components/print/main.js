// A button that prints the page it stands on.

export default function ({ data, parentElement }) {
  let button = parentElement.querySelector("button");
  if (!button) {
    button = parentElement.appendChild(document.createElement("button"));
    button.type = "button";
    button.className = "print";
    button.addEventListener("click", () => window.print());
  }
  button.textContent = data.text;
}
