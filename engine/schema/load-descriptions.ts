import { type Descriptions, provideDescriptions } from './descriptions.ts';
import descriptions from './generated/descriptions.json' with { type: 'json' };

provideDescriptions(descriptions as Descriptions);
