/** How far somebody is with one thing of a day. */
export type ItemState = 'open' | 'started' | 'done';

export interface DayCellView {
  readonly number: number;
  readonly title: string;
  /** False while the day is being written: it is shown, and cannot be opened. */
  readonly isAvailable: boolean;
  readonly lesson: ItemState;
  readonly quiz: ItemState;
  readonly labs: ItemState;
}

export interface NextStepView {
  readonly label: string;
  readonly href: string;
}

export interface CourseMapView {
  readonly days: readonly DayCellView[];
  readonly next: NextStepView | undefined;
  /** The day that the next step belongs to. */
  readonly today: number | undefined;
}

export interface QuizOptionView {
  readonly id: string;
  readonly text: string;
}

export interface QuizAnswerView {
  readonly chosen: readonly string[];
  readonly isCorrect: boolean;
  /** One explanation per option, by its id. */
  readonly explanations: Readonly<Record<string, string>>;
  readonly correct: readonly string[];
}

export interface QuizQuestionView {
  readonly id: string;
  readonly text: string;
  readonly takesSeveral: boolean;
  readonly options: readonly QuizOptionView[];
  readonly answer: QuizAnswerView | undefined;
}

export interface LabCardView {
  readonly id: string;
  readonly title: string;
  readonly summary: string;
  readonly minutes: number;
  readonly isHarder: boolean;
  readonly state: ItemState;
  readonly score: number;
  readonly max: number;
}

export interface AccountView {
  readonly name: string;
  readonly isGuest: boolean;
}
