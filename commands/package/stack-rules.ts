import { stageFault } from '../stage.ts';

type Template = { Rules?: object };
type Serverless = {
  service: { provider: { stage: string; compiledCloudFormationTemplate: Template }; custom: { rules: object } };
  /** What osls shows without a stack trace. */
  classes: { Error: new (message: string) => Error };
};

/**
 * Puts the rules for the stack's parameters into its template: osls takes every section under `resources` but this one. Refuses a stage's
 * name before anything is packaged or deployed.
 */
export class StackRules {
  readonly hooks: Record<string, () => void>;

  constructor({ service, classes }: Serverless) {
    const fault = stageFault(service.provider.stage);
    if (fault !== undefined) throw new classes.Error(`${fault}.`);
    this.hooks = {
      'after:aws:package:finalize:mergeCustomProviderResources': () => {
        service.provider.compiledCloudFormationTemplate.Rules = service.custom.rules;
      },
    };
  }
}

// biome-ignore lint/style/noDefaultExport: a plugin is what its module exports by default.
export default StackRules;
