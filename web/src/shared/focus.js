// Where the focus goes when what had it is gone.

/** Moves the focus to the heading of the view. */
export function focusHeading() {
  const heading = document.querySelector('main h1');
  if (heading instanceof HTMLElement) {
    heading.tabIndex = -1;
    heading.focus();
  }
}

/** Gives the focus to the heading where it was lost with an element that is no longer there. */
export function keepFocus() {
  if (!document.activeElement || document.activeElement === document.body) focusHeading();
}
