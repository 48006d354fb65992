export class SqsError extends Error {
  constructor(name: string, message: string) {
    super(message);
    this.name = name;
  }
}

export function invalidValue(message: string): SqsError {
  return new SqsError('InvalidParameterValue', message);
}
