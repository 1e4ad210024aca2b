/**
 * Long work cut into steps of about a millisecond: it yields after each step and returns its result. The
 * same code then runs in one go ({@link runSteps}) or without holding the event loop ({@link runCooperatively}).
 */
export type Steps<T> = Generator<void, T, void>;

/** Does all steps at once. */
export function runSteps<T>(steps: Steps<T>): T {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}
