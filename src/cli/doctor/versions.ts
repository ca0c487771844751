import { programVersion } from '../../main/version.ts';
import { type Check, ok, wrong } from './check.ts';

const LEAST_NODE = 24;

export const versions: Check = {
  name: 'versions',
  run: async () => {
    const words = `Tiketti ${programVersion()}, Node ${process.versions.node}`;
    const isNew = Number(process.versions.node.split('.')[0]) >= LEAST_NODE;
    return isNew ? ok(words) : wrong(words, `Run it with bin/tiketti, which brings Node ${LEAST_NODE}.`);
  },
};
