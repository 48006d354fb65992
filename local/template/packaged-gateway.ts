import type * as z from 'zod';
import type { CorsRules } from '../api/cors.ts';
import type { Limit, Throttling } from '../api/throttle.ts';
import type { Resources } from './read-resources.ts';
import * as shapes from './resources.ts';

export type PackagedGateway = { cors: CorsRules | undefined; throttling: Throttling };

export function gatewayOf(resources: Resources): PackagedGateway {
  const [api] = resources.of('AWS::ApiGatewayV2::Api', shapes.HttpApi);
  const [stage] = resources.of('AWS::ApiGatewayV2::Stage', shapes.HttpApiStage);
  const { DefaultRouteSettings: ofStage, RouteSettings: ofRoutes = {} } = stage?.properties ?? {};
  return {
    cors: api?.properties.CorsConfiguration && corsRules(api.properties.CorsConfiguration),
    throttling: {
      ofStage: ofStage && limitOf(ofStage),
      ofRoutes: Object.fromEntries(Object.entries(ofRoutes).map(([key, settings]) => [key, limitOf(settings)])),
    },
  };
}

function corsRules(cors: z.infer<typeof shapes.CorsConfiguration>): CorsRules {
  return {
    origins: cors.AllowOrigins,
    methods: cors.AllowMethods,
    headers: cors.AllowHeaders,
    exposed: cors.ExposeHeaders,
    maxAgeSeconds: cors.MaxAge,
  };
}

function limitOf(settings: z.infer<typeof shapes.RouteLimit>): Limit {
  return { perSecond: settings.ThrottlingRateLimit, atOnce: settings.ThrottlingBurstLimit };
}
