// Who may import whom. tests/boundaries plants one bad import per rule and expects it to be reported.

const notTests = ['[.]test[.]tsx?$', '[.]case[.]ts$', '^tests/', '/testing/'];

/** `sim < etcd < … < cluster`: each layer may import those before it. Names in one list do not know each other. */
const engineLayers = [
  ['sim'],
  ['etcd'],
  ['schema'],
  ['kinds'],
  ['trace'],
  ['apiserver'],
  ['client'],
  ['images'],
  ['controllers', 'scheduler', 'cloud', 'kubelet', 'runtime', 'network'],
  ['shell'],
];

/** What a node is made of works together: the kubelet drives the runtime, the runtime's programs speak over the network. */
const mayAlsoImport = {
  kubelet: ['runtime', 'network'],
  runtime: ['network'],
  cloud: ['network'],
};

function engineLayerRules() {
  const names = engineLayers.flat();
  return engineLayers.flatMap((layer, position) =>
    layer.map((name) => {
      const below = engineLayers.slice(0, position).flat();
      const forbidden = names.filter((other) => other !== name && !below.includes(other) && !(mayAlsoImport[name] ?? []).includes(other));
      return {
        name: `engine-${name}-looks-down`,
        comment: `engine/${name} may import the layers below it: ${below.join(', ') || 'none'}.`,
        severity: 'error',
        from: { path: `^engine/${name}/`, pathNot: notTests },
        to: { path: [...forbidden.map((other) => `^engine/${other}/`), '^engine/(cluster|index)[^/]*[.]ts$', '^engine/cluster/'] },
      };
    }),
  );
}

module.exports = {
  forbidden: [
    ...engineLayerRules(),
    {
      name: 'no-cycles',
      comment: 'Modules that need each other are one module, or miss a third.',
      severity: 'error',
      from: { pathNot: '/generated/' },
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'no-unresolvable',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: ['^dist/', '[.]next/'] },
    },
    {
      name: 'engine-is-pure',
      comment: 'The engine knows nothing of the rooms around it and of no package but those that docs/decisions allows.',
      severity: 'error',
      from: { path: '^engine/', pathNot: ['[.]test[.]ts$'] },
      to: { pathNot: ['^engine/', '^node_modules/(yaml|@marcbachmann/cel-js)/'] },
    },
    {
      name: 'labs-know-the-engine-and-themselves',
      severity: 'error',
      from: { path: '^labs/' },
      to: { path: '^(app|server)/' },
    },
    {
      name: 'labs-use-sdk-only',
      comment: 'A day or a check imports labs/sdk; a day may also bring its own plugin files.',
      severity: 'error',
      from: { path: '^labs/(checks|day-[^/]+)/', pathNot: '[.]test[.]ts$' },
      to: { path: ['^engine/', '^labs/(?!sdk/|checks/|day-)'] },
    },
    {
      name: 'days-do-not-know-each-other',
      severity: 'error',
      from: { path: '^labs/(day-[^/]+)/' },
      to: { path: '^labs/day-', pathNot: '^labs/$1/' },
    },
    {
      name: 'server-knows-no-pages',
      severity: 'error',
      from: { path: '^server/' },
      to: { path: ['^app/', '^node_modules/react(-dom)?/'] },
    },
    {
      name: 'app-no-db',
      comment: 'Pages read through server/queries and write through server/commands.',
      severity: 'error',
      from: { path: '^app/' },
      to: { path: ['^server/(db|env|data|generated|clusters|lab-sessions)', '^node_modules/(@prisma|libsql|pg)/'] },
    },
    {
      name: 'pages-only-read',
      comment: 'A page or layout reads; writing belongs to actions.ts and route handlers.',
      severity: 'error',
      from: { path: '^app/.*/?(page|layout)[.]tsx$' },
      to: { path: '^server/commands/' },
    },
    {
      name: 'client-knows-only-the-protocol',
      comment: 'What runs in the browser takes types from the server, and values only from server/gateway/protocol.ts.',
      severity: 'error',
      from: { path: '[.]client[.]tsx?$' },
      to: { path: '^server/', pathNot: '^server/gateway/protocol[.]ts$', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'not-to-test',
      comment: 'What ships does not import what tests it.',
      severity: 'error',
      from: { path: '^(app|server|labs|engine)/', pathNot: notTests },
      to: { path: ['[.]test[.]tsx?$', '[.]case[.]ts$', '^tests/', '^engine/testing/'] },
    },
    {
      name: 'not-to-dev-dependency',
      severity: 'error',
      from: { path: '^(app|server|labs|engine)/', pathNot: notTests },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: ['/generated/', '^[.]next/', '^dist/'] },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      mainFields: ['module', 'main', 'types'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.mjs', '.js', '.json'],
    },
  },
};
