import { testRandomKills } from './random-kills.ts';

testRandomKills('postgres', 40);
