/** An error as Lambda's REST API answers it. */
export class LambdaError extends Error {
  readonly status: number;

  constructor(name: string, status: number, message: string) {
    super(message);
    this.name = name;
    this.status = status;
  }
}

export function invalidParameter(message: string): LambdaError {
  return new LambdaError('InvalidParameterValueException', 400, message);
}
