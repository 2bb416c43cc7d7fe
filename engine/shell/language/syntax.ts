/** A piece of a word before expansion. */
export type WordPart =
  | { readonly kind: 'text'; readonly text: string; readonly quoted: boolean }
  | { readonly kind: 'variable'; readonly name: string; readonly operator: string; readonly argument: Word; readonly quoted: boolean }
  | { readonly kind: 'command'; readonly script: string; readonly quoted: boolean }
  | { readonly kind: 'arithmetic'; readonly expression: string; readonly quoted: boolean };
export type Word = readonly WordPart[];

export interface Redirect {
  readonly fd: number;
  readonly operator: '<' | '>' | '>>' | '>&' | '&>' | '&>>' | '<<' | '<<<' | '>|';
  /** The target; for here-documents the body. */
  readonly target: Word;
}

export interface Assignment {
  readonly name: string;
  readonly value: Word;
  /** `name=(a b c)` */
  readonly items?: readonly Word[];
  readonly append: boolean;
}

export interface SimpleCommand {
  readonly kind: 'simple';
  readonly assignments: readonly Assignment[];
  readonly words: readonly Word[];
  readonly redirects: readonly Redirect[];
  readonly line: number;
}

export interface FunctionDefinition {
  readonly kind: 'function';
  readonly name: string;
  readonly body: Command;
  readonly source: string;
}

/** Commands with a body or an expression of their own. */
export type CompoundCommand =
  | { readonly kind: 'group'; readonly body: List; readonly redirects: readonly Redirect[]; readonly isSubshell: boolean }
  | {
      readonly kind: 'if';
      readonly branches: readonly { readonly test: List; readonly body: List }[];
      readonly otherwise: List | undefined;
      readonly redirects: readonly Redirect[];
    }
  | { readonly kind: 'while'; readonly until: boolean; readonly test: List; readonly body: List; readonly redirects: readonly Redirect[] }
  | {
      readonly kind: 'for';
      readonly name: string;
      readonly words: readonly Word[] | undefined;
      readonly body: List;
      readonly redirects: readonly Redirect[];
    }
  | {
      readonly kind: 'case';
      readonly subject: Word;
      readonly clauses: readonly { readonly patterns: readonly Word[]; readonly body: List }[];
      readonly redirects: readonly Redirect[];
    }
  | { readonly kind: 'test'; readonly words: readonly Word[]; readonly redirects: readonly Redirect[] }
  | { readonly kind: 'arithmetic'; readonly expression: string; readonly redirects: readonly Redirect[] };

export type Command = SimpleCommand | FunctionDefinition | CompoundCommand;

export interface Pipeline {
  readonly negated: boolean;
  readonly commands: readonly Command[];
}

/** Pipelines joined by `&&`, `||`, `;` or `&`. */
export interface ListItem {
  readonly pipeline: Pipeline;
  /** How it hangs on what came before. */
  readonly when: 'always' | 'and' | 'or';
  readonly background: boolean;
  readonly source: string;
}
export type List = readonly ListItem[];

/** The text is no shell program. `isIncomplete`: more lines could make it one. */
export class SyntaxProblem extends Error {
  override readonly name = 'SyntaxProblem';
  readonly isIncomplete: boolean;

  constructor(message: string, isIncomplete = false) {
    super(message);
    this.isIncomplete = isIncomplete;
  }
}
