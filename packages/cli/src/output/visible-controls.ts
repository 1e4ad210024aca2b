/**
 * Text from files and models with its control characters spelled out, so that a hostile name cannot command
 * the terminal. Line breaks and tabs stay.
 */
export function visibleControls(text: string): string {
  return text.replace(/\p{Cc}/gu, (control) =>
    control === '\n' || control === '\t' ? control : `\\x${control.charCodeAt(0).toString(16).padStart(2, '0')}`,
  );
}
