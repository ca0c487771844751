import { testRandomKills } from './random-kills.ts';

testRandomKills('sqlite', 200);
