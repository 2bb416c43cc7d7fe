import { Cluster } from '#engine';
import { Chance } from './chance.ts';
import { checkAlways, checkHealed, watchWrites } from './invariants.ts';
import { heal, operations, workers } from './operations.ts';

export interface Outcome {
  readonly hash: string;
  /** What was done, one line per step. */
  readonly log: readonly string[];
  readonly problems: readonly string[];
}

export interface Options {
  readonly steps: number;
  /** Goes on from a snapshot or a fork every now and then, which must change nothing. */
  readonly isMoved: boolean;
}

/** Long enough for evictions (5 min), crash back-off (5 min) and the garbage collector. */
const healMs = 1_800_000;

/** One run: random operations and faults from the seed, invariants after each, then everything is mended and must converge. */
export function simulate(seed: number, { steps, isMoved }: Options): Outcome {
  const chance = new Chance(seed);
  const moves = new Chance(seed + 1000);
  const log: string[] = [];
  const problems: string[] = [];
  const complain = (text: string): void => {
    problems.push(`after step ${log.length}: ${text}`);
  };
  const nodes = [{ name: 'control-plane' }, ...workers.map((name) => ({ name }))];
  let cluster = Cluster.create({ seed, nodes });
  watchWrites(cluster, complain);
  for (let step = 0; step < steps && problems.length === 0; step++) {
    log.push(`${cluster.timestamp} ${chance.weighted(operations).run(cluster, chance)}`);
    cluster.advance(chance.pick([0, 20, 1000, 7000, 30_000, 90_000]) + chance.below(1000));
    checkAlways(cluster, complain);
    if (isMoved && moves.below(6) === 0) {
      cluster = move(cluster, moves);
      watchWrites(cluster, complain);
    }
  }
  heal(cluster);
  cluster.advance(healMs);
  if (problems.length === 0 && !cluster.settle(healMs)) complain('the cluster did not come to rest');
  checkAlways(cluster, complain);
  checkHealed(cluster, complain);
  return { hash: cluster.historyHash, log, problems };
}

/** The same cluster in another body; the old one does something else, which must not be felt. */
function move(cluster: Cluster, moves: Chance): Cluster {
  const next = moves.below(2) === 0 ? cluster.fork() : Cluster.restore(cluster.snapshot());
  cluster.powerOffNode(moves.pick(workers));
  cluster.advance(60_000);
  return next;
}
