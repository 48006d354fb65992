/** The message names the option, or the fault that prevents the command. */
export class ConfigurationUsageError extends Error {
  override readonly name = 'ConfigurationUsageError';
  readonly exitCode: 1 | 2;

  constructor(message: string, { exitCode = 2, cause }: { exitCode?: 1 | 2; cause?: unknown } = {}) {
    super(message, { cause });
    this.exitCode = exitCode;
  }
}
