type Template = { Rules?: object };
type Serverless = { service: { provider: { compiledCloudFormationTemplate: Template }; custom: { rules: object } } };

/** Puts the rules for the stack's parameters into its template: osls takes every section under `resources` but this one. */
export class StackRules {
  readonly hooks: Record<string, () => void>;

  constructor({ service }: Serverless) {
    this.hooks = {
      'after:aws:package:finalize:mergeCustomProviderResources': () => {
        service.provider.compiledCloudFormationTemplate.Rules = service.custom.rules;
      },
    };
  }
}

// biome-ignore lint/style/noDefaultExport: a plugin is what its module exports by default.
export default StackRules;
