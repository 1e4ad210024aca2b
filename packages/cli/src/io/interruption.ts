/** Why a command was told to end from outside: not a failure of its own. */
export class Interruption extends Error {
  override readonly name = 'Interruption';
  /** With what the process should exit. */
  readonly exitCode: number;

  constructor(message: string, exitCode: number) {
    super(message);
    this.exitCode = exitCode;
  }
}
