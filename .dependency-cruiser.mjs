// The directions of imports that design/architecture.md fixes. TypeScript 7 has no compiler API that
// dependency-cruiser 18 can use: without `parser: 'swc'` it reads 0 modules and passes everything.
const entryPoints = '^functions/(index|inventory|on-cluster-event|on-compute-event|reconcile|sweep)\\.ts$';

export default {
  forbidden: [
    {
      name: 'rules-stay-pure',
      comment:
        'functions/persistent-ip imports its own files and the types of events, nothing else of the project',
      severity: 'error',
      from: { path: '^functions/persistent-ip/' },
      to: { path: '^(functions|infra|test)/', pathNot: '^functions/persistent-ip/' },
    },
    {
      name: 'rules-touch-no-io',
      comment: 'no SDK, no clock, no environment: the rules use no Node module and one library, ipaddr.js',
      severity: 'error',
      from: { path: '^functions/persistent-ip/' },
      to: {
        dependencyTypes: ['core', 'npm', 'npm-dev', 'npm-optional'],
        pathNot: '(node_modules/ipaddr\\.js/|^(node:)?crypto$)',
      },
    },
    {
      name: 'events-know-nothing',
      comment: 'events are parsed and judged without I/O: they import neither functions nor infra',
      severity: 'error',
      from: { path: '^events/' },
      to: { path: '^(functions|infra|test)/' },
    },
    {
      name: 'events-touch-no-io',
      severity: 'error',
      from: { path: '^events/' },
      to: { dependencyTypes: ['core', 'npm', 'npm-dev', 'npm-optional'] },
    },
    {
      name: 'nothing-imports-an-entry-point',
      severity: 'error',
      from: { path: '^(events|functions)/', pathNot: '^functions/(index|register)\\.ts$' },
      to: { path: entryPoints },
    },
    {
      name: 'functions-know-no-local-cloud',
      comment: 'what is deployed does not import what runs on a laptop, nor the tests',
      severity: 'error',
      from: { path: '^functions/' },
      to: { path: '^(infra|test)/' },
    },
    {
      name: 'adapters-do-not-know-each-other',
      severity: 'error',
      from: { path: '^functions/(google-cloud|kubernetes)/' },
      to: { path: '^functions/(google-cloud|kubernetes)/', pathNot: '^functions/$1/' },
    },
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    { name: 'resolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'deployed-code-uses-deployed-packages',
      severity: 'error',
      from: { path: '^(events|functions)/' },
      to: { dependencyTypes: ['npm-dev', 'npm-optional', 'npm-no-pkg'] },
    },
  ],
  options: {
    parser: 'swc',
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
};
