/** The words that come late, all languages at once: those of the late parts, and those of each view. */
import { enDetails } from '../../web/details/details-words-en.ts';
import { zhHansDetails } from '../../web/details/details-words-zh-hans.ts';
import { enDrain } from '../../web/drain/drain-words-en.ts';
import { zhHansDrain } from '../../web/drain/drain-words-zh-hans.ts';
import { enAddCluster } from '../../web/fleet/add-cluster-words-en.ts';
import { zhHansAddCluster } from '../../web/fleet/add-cluster-words-zh-hans.ts';
import { enFleet } from '../../web/fleet/fleet-words-en.ts';
import { zhHansFleet } from '../../web/fleet/fleet-words-zh-hans.ts';
import { enPast } from '../../web/history/past-words-en.ts';
import { zhHansPast } from '../../web/history/past-words-zh-hans.ts';
import { enMigrations } from '../../web/migrations/migrations-words-en.ts';
import { zhHansMigrations } from '../../web/migrations/migrations-words-zh-hans.ts';
import { enHelp } from '../../web/settings/help-words-en.ts';
import { zhHansHelp } from '../../web/settings/help-words-zh-hans.ts';
import { enTable } from '../../web/table/table-words-en.ts';
import { zhHansTable } from '../../web/table/table-words-zh-hans.ts';
import { enLate } from '../../web/words/en-late.ts';
import { zhHansLate } from '../../web/words/zh-hans-late.ts';

export const LATE_MESSAGES = {
  en: {
    addCluster: enAddCluster,
    details: enDetails,
    drain: enDrain,
    fleet: enFleet,
    help: enHelp,
    late: enLate,
    migrations: enMigrations,
    past: enPast,
    table: enTable,
  },
  'zh-Hans': {
    addCluster: zhHansAddCluster,
    details: zhHansDetails,
    drain: zhHansDrain,
    fleet: zhHansFleet,
    help: zhHansHelp,
    late: zhHansLate,
    migrations: zhHansMigrations,
    past: zhHansPast,
    table: zhHansTable,
  },
};
