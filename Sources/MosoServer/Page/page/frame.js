// The frame around the conversation: the list at its side, which covers the page on a narrow screen.

const narrow = matchMedia("(max-width: 760px)");
const shade = document.querySelector("#shade");
const sidebar = document.querySelector("#sidebar");
const opener = document.querySelector("#toggle-sidebar");

export function showSidebar(shows) {
  document.body.classList.toggle("with-sidebar", shows);
  shade.hidden = !(shows && narrow.matches);
  // Nor does the tabulator reach what the list covers.
  document.querySelector("main").inert = shows && narrow.matches;
  opener.setAttribute("aria-expanded", String(shows));
}

// Where the list covers the page, it goes away once something is chosen; gives whether it did.
export function leaveSidebar() {
  const covers = narrow.matches && document.body.classList.contains("with-sidebar");
  if (!covers) return false;
  showSidebar(false);
  if (sidebar.contains(document.activeElement)) opener.focus();
  return true;
}

export function wireFrame() {
  showSidebar(!narrow.matches);
  narrow.addEventListener("change", () => showSidebar(!narrow.matches));
  opener.addEventListener("click", () => {
    showSidebar(!document.body.classList.contains("with-sidebar"));
    if (narrow.matches) sidebar.querySelector("button").focus();
  });
  for (const closer of [shade, document.querySelector("#close-sidebar")]) {
    closer.addEventListener("click", () => {
      showSidebar(false);
      opener.focus();
    });
  }
}
