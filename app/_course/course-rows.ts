/** The five rows of the map: eight days each. */
export const courseRows = [
  { title: 'Containers, and the shape of a cluster', first: 1, last: 8 },
  { title: 'Workloads and where they run', first: 9, last: 16 },
  { title: 'Configuration, health and who may do what', first: 17, last: 24 },
  { title: 'Networks, storage and names', first: 25, last: 32 },
  { title: 'Run it, break it, repair it', first: 33, last: 40 },
] as const;
