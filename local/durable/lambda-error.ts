export class LambdaError extends Error {
  readonly status: number;

  constructor(name: string, status: number, message: string) {
    super(message);
    this.name = name;
    this.status = status;
  }
}

/** An empty body is an empty object. */
export function parseJsonObject(body: string): Record<string, unknown> {
  const value = parse(body || '{}');
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw malformed('a JSON object was expected');
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch (error) {
    throw malformed(String(error));
  }
}

function malformed(reason: string): LambdaError {
  return new LambdaError('InvalidRequestContentException', 400, `Could not parse request body into json: ${reason}`);
}

export function parseMarker(marker: string | null): number | null {
  if (marker === null || /^\d{1,15}$/.test(marker)) return marker === null ? null : Number(marker);
  throw invalidParameter('The marker is none that a list gave.');
}

export function invalidParameter(message: string): LambdaError {
  return new LambdaError('InvalidParameterValueException', 400, message);
}
