export type RouteMatch<R> = { route: R; pathParameters: Record<string, string> };

/**
 * Matches as an HTTP API does: full matches first (fixed segments before variables, the method before ANY), then `{name+}`, then
 * `$default`. The path must be decoded.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html
 */
export function matchRoute<R extends { routeKey: string }>(routes: R[], method: string, path: string): RouteMatch<R> | undefined {
  const matches = routes.flatMap((route) => {
    const [routeMethod = '', routePath] = route.routeKey.split(' ');
    const pathParameters = routePath !== undefined && [method, 'ANY'].includes(routeMethod) ? matchPath(routePath, path) : undefined;
    return pathParameters === undefined ? [] : [{ route, pathParameters, rank: rankOf(routePath ?? '', routeMethod) }];
  });
  const [best] = matches.sort((left, right) => (left.rank < right.rank ? -1 : 1));
  if (best !== undefined) return { route: best.route, pathParameters: best.pathParameters };
  const fallback = routes.find((route) => route.routeKey === '$default');
  return fallback === undefined ? undefined : { route: fallback, pathParameters: {} };
}

function matchPath(routePath: string, path: string): Record<string, string> | undefined {
  const names: string[] = [];
  const segments = routePath.split('/').map((segment) => {
    const variable = variableOf(segment);
    if (variable === undefined) return segment.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
    names.push(variable.name);
    return variable.greedy ? '(.+)' : '([^/]+)';
  });
  const found = new RegExp(`^${segments.join('/')}$`, 's').exec(path);
  return found === null ? undefined : Object.fromEntries(names.map((name, index) => [name, found[index + 1] ?? '']));
}

function variableOf(segment: string): { name: string; greedy: boolean } | undefined {
  const [, name, plus] = /^\{([^}+]+)(\+?)\}$/.exec(segment) ?? [];
  return name === undefined ? undefined : { name, greedy: plus === '+' };
}

/** A better match sorts first: no greedy variable, then per segment fixed before variable, then the method before ANY. */
function rankOf(routePath: string, method: string): string {
  const kinds = routePath.split('/').map((segment) => (variableOf(segment) === undefined ? '0' : '1'));
  return [routePath.includes('+}') ? '1' : '0', ...kinds, method === 'ANY' ? '1' : '0'].join('');
}
