// Keeps the keyboard focus in the page when the focused element is removed.

/** Moves the focus to the heading of the view. */
export function focusHeading() {
  const heading = document.querySelector('main h1');
  if (heading instanceof HTMLElement) {
    heading.tabIndex = -1;
    heading.focus();
  }
}

/** Moves the focus to the heading if the element that had it was removed. */
export function restoreFocus() {
  if (!document.activeElement || document.activeElement === document.body) focusHeading();
}
