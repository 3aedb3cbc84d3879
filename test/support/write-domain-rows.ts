/** `node test/support/write-domain-rows.ts`: writes what is now derived from each row of the domain. Read the difference before you keep it. */
import { writeFileSync } from 'node:fs';
import { derivedFile, formatDerived, readDomainTables } from './domain-rows.ts';

for (const table of readDomainTables()) writeFileSync(derivedFile(table), formatDerived(table));
