// What the frame asks of the document: its language, a way past the navigation, and what this browser remembers.

const YEAR_S = 365 * 24 * 3600;

export default function ({ data }) {
  document.documentElement.lang = data.language;
  const other = document.querySelector(".st-key-sl_language_button button");
  if (other) other.lang = data.other;
  for (const [name, value] of Object.entries(data.remember)) {
    document.cookie = `${name}=${encodeURIComponent(value)}; path=/; max-age=${YEAR_S}; SameSite=Lax`;
  }
  skipLink(data.skip);
  followTheme();
  mendNavigation();
}

// Streamlit puts the sections of its navigation as plain boxes between the list and its items, where a screen reader
// finds neither list nor items.
function mendNavigation() {
  const items = document.querySelector('[data-testid="stSidebarNavItems"]');
  if (!items || items.sightlineMended) return;
  items.sightlineMended = true;
  const mend = () => {
    items.setAttribute("role", "none");
    for (const section of items.children) if (section.tagName === "DIV") section.setAttribute("role", "list");
    // Icons are letters of a font, and their names would be read out before the screen's own.
    for (const icon of items.querySelectorAll('[data-testid="stIconMaterial"]')) icon.setAttribute("aria-hidden", "true");
  };
  new MutationObserver(mend).observe(items, { childList: true, subtree: true });
  mend();
}

// Pop-overs and dialogs hang outside the app's own element and would not know whether it is light or dark.
function followTheme() {
  const app = document.querySelector('[data-testid="stApp"]');
  if (!app || app.sightlineFollowed) return;
  app.sightlineFollowed = true;
  const tell = () => {
    const scheme = getComputedStyle(app).colorScheme;
    if (document.documentElement.style.colorScheme !== scheme) document.documentElement.style.colorScheme = scheme;
  };
  new MutationObserver(tell).observe(app, { attributes: true, attributeFilter: ["class", "style"] });
  tell();
}

// The first thing that the tab key reaches.
function skipLink(words) {
  let link = document.getElementById("sl-skip");
  if (!link) {
    link = document.createElement("a");
    Object.assign(link, { id: "sl-skip", href: "#sl-main" });
    link.addEventListener("click", (event) => {
      event.preventDefault();
      const main = document.querySelector('[data-testid="stMainBlockContainer"]');
      if (!main) return;
      main.tabIndex = -1;
      main.focus();
    });
    document.body.prepend(link);
  }
  link.textContent = words;
}
