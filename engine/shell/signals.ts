/** Ways in which control leaves a command early. */
export class ExitSignal extends Error {
  readonly code: number;
  constructor(code: number) {
    super('exit');
    this.code = code;
  }
}
export class LoopSignal extends Error {
  readonly isBreak: boolean;
  levels: number;
  constructor(isBreak: boolean, levels: number) {
    super('loop');
    this.isBreak = isBreak;
    this.levels = levels;
  }
}
export class ReturnSignal extends Error {
  readonly code: number;
  constructor(code: number) {
    super('return');
    this.code = code;
  }
}
