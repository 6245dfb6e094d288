// SPDX-License-Identifier: Apache-2.0

// The state rebuilt from events alone: owners, links, members, roles, rights, readers, keys. Also
// the same from the state, for comparison. Values are plain: ids are numbers, bytes are hex,
// accounts are addresses.

import { blake2AsHex } from '@polkadot/util-crypto';
import assert from 'node:assert/strict';
import { bytes, text } from './chain.mjs';

const FOREVER = 2n ** 64n - 1n;
const BITS = [1, 2, 4];
const READ = 1;
/** The maximum number of items in a page. */
const PAGE = 256;

const plain = (codec) => codec.toJSON();
/** Returns the hash by which an event names a text or an envelope. */
const hashOf = (codec) => blake2AsHex(codec.toU8a(true), 256);
const isEmpty = (object) => Object.keys(object).length === 0;

/** The rebuilt state. Events must be applied in order. */
export class Rebuilt {
  containers = {};
  twins = {};
  /** The encryption keys of each account. */
  keys = {};
  /** The envelopes of each version of an account's secret key. */
  secrets = {};

  /** Applies an event of a block. Ignores events of other pallets. */
  apply({ section, method, data }, block) {
    const rules = { dataContainer: CONTAINER_RULES, digitalTwin: TWIN_RULES }[section];
    if (!rules) return;
    assert.ok(rules[method], `no rule for ${section}.${method}`);
    rules[method](this, data, block);
    if (data.names.includes('stamp')) this.#count(section, data, block);
  }

  #count(section, data, block) {
    const changed = section === 'digitalTwin' ? this.twin(data.twin) : this.of(data.container);
    changed.revision += 1;
    changed.changed = block;
    assert.equal(data.stamp.revision.toNumber(), changed.revision, 'an event is missing');
    assert.equal(data.stamp.block.toNumber(), block);
  }

  twin(id) {
    return this.twins[id] ?? assert.fail(`twin ${id} was not created`);
  }

  of(id) {
    return this.containers[id] ?? assert.fail(`container ${id} was not created`);
  }

  set({ container, dataSet }) {
    return this.of(container).dataSets[dataSet] ?? assert.fail(`data set ${dataSet} was not added`);
  }

  rights({ container, account }) {
    const { rights } = this.of(container);
    return (rights[account] ??= { roles: [], grants: {} });
  }

  /** Removes an account that has no rights left. */
  tidy({ container, account }) {
    const { rights } = this.of(container);
    const { roles, grants } = rights[account];
    if (roles.length === 0 && isEmpty(grants)) delete rights[account];
  }

  /**
   * Returns the readers of a data set at a moment, each with the end of READ and the state of its
   * envelope.
   */
  readers(container, dataSet, now) {
    const { owner, rights } = this.of(container);
    const set = this.set({ container, dataSet });
    const granted = Object.entries(rights)
      .map(([account, { grants }]) => [account, grants[dataSet]?.[READ]])
      .filter(([account, until]) => until !== undefined && account !== owner)
      .filter(([, until]) => set.retired === null && (until === null || now <= until));
    const newest = Object.keys(set.epochs).map(Number).sort((a, b) => b - a)[0];
    const state = (account) => {
      const found = newest && set.envelopes[`${set.epochs[newest].segment}/${account}`];
      if (!found) return 'Missing';
      if (found.epoch !== newest) return 'OldEpoch';
      return found.keyVersion === this.keys[account].all.length ? 'Current' : 'OldKey';
    };
    const all = [[owner, null], ...granted];
    return Object.fromEntries(all.map(([account, until]) => [account, [until, state(account)]]));
  }
}

const CONTAINER_RULES = {
  PluginPublished() {},
  PluginRetired() {},
  ContainerCloned(it, { container, source }) {
    it.of(container).clonedFrom = plain(source);
  },
  ContainerCreated(it, { container, owner, plugin }) {
    assert.ok(!it.containers[container]);
    it.containers[container] = {
      owner: plain(owner),
      closed: false,
      plugin: plain(plugin),
      clonedFrom: null,
      description: null,
      roles: {},
      rights: {},
      dataSets: {},
      offer: null,
      revision: 0,
      changed: 0,
    };
  },
  DescriptionSet(it, { container, description }) {
    it.of(container).description = plain(description);
  },
  ContainerClosed(it, { container }) {
    it.of(container).closed = true;
  },
  DataSetAdded(it, { container, dataSet, name, ...data }, block) {
    const { dataSets } = it.of(container);
    assert.ok(!dataSets[dataSet]);
    dataSets[dataSet] = {
      name: text(name),
      ...definition(data),
      retired: null,
      revision: 0,
      changed: block,
      permissions: {},
      epochs: {},
      validUntil: 0n,
      end: null,
      left: null,
      envelopes: {},
    };
  },
  DataSetChanged(it, { operation, ...data }, block) {
    const set = it.set(data);
    set.revision += 1;
    set.changed = block;
    assert.equal(operation.inner.get('revision').toNumber(), set.revision, 'an event is missing');
    if (operation.isRetire) set.retired = plain(operation.asRetire.time);
  },
  DataSetPurged(it, { epochs, ...data }) {
    const set = it.set(data);
    for (const epoch of Object.keys(set.epochs)) {
      if (epoch > epochs.toNumber()) delete set.epochs[epoch];
    }
    if (isEmpty(set.epochs)) Object.assign(set, { validUntil: 0n, end: null, left: null });
  },
  RoleSet(it, { container, role, name, permissions }) {
    const { roles } = it.of(container);
    const id = role.toNumber();
    assert.equal(text(name), roles[id] ?? text(name));
    roles[id] = text(name);
    for (const { dataSet, access } of permissions) {
      const set = it.set({ container, dataSet });
      if (plain(access) === 0) delete set.permissions[id];
      else set.permissions[id] = plain(access);
    }
  },
  RoleRenamed(it, { container, role, name }) {
    it.of(container).roles[role.toNumber()] = text(name);
  },
  RoleRemoved(it, { container, role }) {
    const { roles, dataSets } = it.of(container);
    delete roles[role.toNumber()];
    for (const { permissions } of Object.values(dataSets)) delete permissions[role.toNumber()];
  },
  ReaderLeft(it, { account, stamp, ...data }) {
    it.set(data).left = [account, stamp.time].map(plain);
  },
  RoleAssigned(it, { role, ...data }) {
    it.rights(data).roles.push(role.toNumber());
  },
  RoleUnassigned(it, { role, ...data }) {
    const rights = it.rights(data);
    rights.roles = rights.roles.filter((held) => held !== role.toNumber());
    it.tidy(data);
  },
  Shared(it, { access, until, dataSet, ...data }) {
    const { grants } = it.rights(data);
    const grant = (grants[dataSet] ??= {});
    for (const bit of BITS) if (plain(access) & bit) grant[bit] = plain(until);
  },
  Unshared(it, { access, dataSet, ...data }) {
    const { grants } = it.rights(data);
    for (const bit of BITS) if (!(plain(access) & bit)) delete grants[dataSet][bit];
    if (isEmpty(grants[dataSet])) delete grants[dataSet];
    it.tidy(data);
  },
  KeyRotated(it, { epoch, suite, segment, public: publicKey, previous, ...data }) {
    const set = it.set(data);
    set.epochs[epoch] = {
      suite: plain(suite),
      segment: plain(segment),
      public: plain(publicKey),
      previous: plain(previous),
    };
    Object.assign(set, { validUntil: FOREVER, end: null, left: null });
  },
  SealingLimited(it, { validUntil, account, reason, stamp, ...data }) {
    const since = reason.isReadExpires ? validUntil : stamp.time;
    Object.assign(it.set(data), {
      validUntil: validUntil.toBigInt(),
      end: [plain(account), plain(reason), plain(since)],
    });
  },
  EnvelopeSet(it, { account, segment, epoch, keyVersion, envelope, ...data }) {
    it.set(data).envelopes[`${segment}/${account}`] = {
      epoch: plain(epoch),
      keyVersion: plain(keyVersion),
      hash: plain(envelope),
    };
  },
  EnvelopeRemoved(it, { account, segment, ...data }) {
    const { envelopes } = it.set(data);
    assert.ok(envelopes[`${segment}/${account}`], 'the envelope does not exist');
    delete envelopes[`${segment}/${account}`];
  },
  OwnershipOffered(it, { container, offer, to, deadline, twin }) {
    it.of(container).offer = [offer, to, deadline, twin].map(plain);
  },
  OwnershipTransferred(it, { container, from, to }) {
    const found = it.of(container);
    assert.equal(plain(from), found.owner);
    Object.assign(found, { owner: plain(to), offer: null });
  },
  OfferCancelled(it, { container }) {
    it.of(container).offer = null;
  },
  EncryptionKeySet(it, { account, version, suite, public: publicKey, leaked }, block) {
    // The time of the report is that of the block, and not in the event.
    assert.ok(leaked.isFalse, 'no key leaks here');
    const { all } = (it.keys[account] ??= { all: [] });
    all.push([suite, publicKey].map(plain));
    assert.equal(version.toNumber(), all.length);
    it.keys[account].since = block;
  },
  AccountEnvelopeSet(it, { account, version, holder, envelope }) {
    const all = (it.secrets[`${account}/${version}`] ??= []);
    const others = all.filter(([known]) => nameOf(known) !== nameOf(plain(holder)));
    it.secrets[`${account}/${version}`] = [...others, [plain(holder), plain(envelope)]];
  },
  AccountEnvelopeRemoved(it, { account, version, holder }) {
    const place = `${account}/${version}`;
    const left = it.secrets[place].filter(([known]) => nameOf(known) !== nameOf(plain(holder)));
    assert.equal(left.length, it.secrets[place].length - 1, 'the envelope does not exist');
    if (left.length > 0) it.secrets[place] = left;
    else delete it.secrets[place];
  },
};

const TWIN_RULES = {
  TwinCreated(it, { twin, owner, asset }) {
    assert.ok(!it.twins[twin]);
    it.twins[twin] = {
      owner: plain(owner),
      asset: text(asset),
      description: null,
      deactivated: false,
      links: {},
      offer: null,
      revision: 0,
      changed: 0,
    };
  },
  DescriptionSet(it, { twin, description }) {
    it.twin(twin).description = plain(description);
  },
  LinkSet(it, { twin, name, target }) {
    it.twin(twin).links[text(name)] = plain(target);
  },
  LinkRemoved(it, { twin, name }) {
    assert.ok(it.twin(twin).links[text(name)], 'the link does not exist');
    delete it.twin(twin).links[text(name)];
  },
  TwinDeactivated(it, { twin }) {
    it.twin(twin).deactivated = true;
  },
  TwinOffered(it, { twin, offer, to, deadline, containers }) {
    it.twin(twin).offer = [offer, to, deadline, containers].map(plain);
  },
  TwinTransferred(it, { twin, from, to }) {
    const found = it.twin(twin);
    assert.equal(plain(from), found.owner);
    Object.assign(found, { owner: plain(to), offer: null });
  },
  OfferCancelled(it, { twin }) {
    it.twin(twin).offer = null;
  },
};

/** Returns a holder without the version of its key: a holder has one envelope of each version. */
const nameOf = ({ account, key }) => (account ? account[0] : key);

const definition = ({ kind, visibility, writeOnce, schema, document }) => ({
  kind: plain(kind),
  visibility: plain(visibility),
  writeOnce: plain(writeOnce),
  schema: plain(schema),
  document: plain(document),
});

/** Returns the same as `Rebuilt`, read from the state. `at` is `api.at(hash)`. */
export async function fromState(at) {
  const { dataContainer, digitalTwin } = at.query;
  const found = new Rebuilt();
  for (const [key, stored] of await dataContainer.containers.entries()) {
    const [id] = key.args;
    found.containers[id] = await containerFromState(dataContainer, id, stored.unwrap());
  }
  for (const [key, stored] of await digitalTwin.twins.entries()) {
    const [id] = key.args;
    found.twins[id] = await twinFromState(digitalTwin, id, stored.unwrap());
  }
  for (const [key, stored] of await dataContainer.encryptionKeys.entries()) {
    const [account] = key.args;
    const { version, since, leaked } = stored.unwrap();
    assert.ok(leaked.isNone);
    const all = [];
    for (let number = 1; number <= version.toNumber(); number += 1) {
      const { suite, public: publicKey } = (
        await dataContainer.keyVersions(account, number)
      ).unwrap();
      all.push([suite, publicKey].map(plain));
    }
    found.keys[account] = { all, since: plain(since) };
  }
  for (const [key, stored] of await dataContainer.accountKeyEnvelopes.entries()) {
    const [account, version] = key.args;
    const all = stored.map(({ holder, sealed }) => [plain(holder), hashOf(sealed)]);
    found.secrets[`${account}/${version}`] = all;
  }
  return found;
}

async function twinFromState(query, id, stored) {
  const links = await query.links.entries(id);
  const description = await query.descriptions(id);
  return {
    owner: plain(stored.owner),
    asset: text(stored.asset),
    description: description.isSome ? hashOf(description.unwrap()) : null,
    deactivated: stored.status.isDeactivated,
    links: Object.fromEntries(
      links.map(([key, target]) => [text(key.args[1]), plain(target.unwrap())]),
    ),
    offer: offerOf(stored, ({ containers }) => plain(containers)),
    revision: plain(stored.history.revision),
    changed: plain(stored.history.changed),
  };
}

async function containerFromState(query, id, stored) {
  const [description, roles, rights, sets, offeredWith] = await Promise.all([
    query.descriptions(id),
    query.roleNames(id),
    query.accountRights.entries(id),
    query.dataSets.entries(id),
    query.offeredWith(id),
  ]);
  const dataSets = {};
  for (const [key, found] of sets) {
    const set = found.unwrap();
    dataSets[set.id] = await dataSetFromState(query, id, text(key.args[1]), set);
  }
  return {
    owner: plain(stored.owner),
    closed: stored.status.isClosed,
    plugin: plain(stored.plugin),
    clonedFrom: plain(stored.clonedFrom),
    description: description.isSome ? hashOf(description.unwrap()) : null,
    roles: Object.fromEntries(roles.map(({ id, name }) => [id.toNumber(), text(name)])),
    rights: Object.fromEntries(
      rights.map(([key, found]) => [plain(key.args[1]), rightsOf(found.unwrap())]),
    ),
    dataSets,
    offer: offerOf(stored, () => plain(offeredWith)),
    revision: plain(stored.history.revision),
    changed: plain(stored.history.changed),
  };
}

function offerOf({ offer }, rest) {
  if (offer.isNone) return null;
  const { id, to, deadline } = offer.unwrap();
  return [...[id, to, deadline].map(plain), rest(offer.unwrap())];
}

function rightsOf({ roles, grants }) {
  const parts = ({ read, write, remove }) =>
    [read, write, remove].flatMap((part, index) => {
      if (part.isNone) return [];
      const until = part.unwrap();
      return [[BITS[index], until.isForever ? null : plain(until.asMoment)]];
    });
  return {
    roles: [...roles.toU8a(true)],
    grants: Object.fromEntries(
      grants.map((grant) => [plain(grant.dataSet), Object.fromEntries(parts(grant))]),
    ),
  };
}

async function dataSetFromState(query, container, name, stored) {
  const [epochs, envelopes, end, left] = await Promise.all([
    query.epochs.entries(container, stored.id),
    query.envelopes.entries(container, stored.id),
    query.sealingEnds(container, stored.id),
    query.seedsLeft(container, stored.id),
  ]);
  const { account, reason, since } = end.unwrapOr({});
  const epochOf = ({ suite, segment, public: publicKey, previous }) => ({
    suite: plain(suite),
    segment: plain(segment),
    public: plain(publicKey),
    previous: previous.isSome ? hashOf(previous.unwrap()) : null,
  });
  const envelopeOf = ({ epoch, keyVersion, sealed }) => ({
    epoch: plain(epoch),
    keyVersion: plain(keyVersion),
    hash: hashOf(sealed),
  });
  return {
    name,
    ...definition(stored),
    retired: plain(stored.retired),
    revision: plain(stored.revision),
    changed: plain(stored.changed),
    permissions: Object.fromEntries(
      stored.permissions.map(({ role, access }) => [plain(role), plain(access)]),
    ),
    epochs: Object.fromEntries(
      epochs.map(([key, epoch]) => [plain(key.args[2]), epochOf(epoch.unwrap())]),
    ),
    validUntil: stored.key.isSome ? stored.key.unwrap().validUntil.toBigInt() : 0n,
    end: end.isSome ? [account, reason, since].map(plain) : null,
    left: left.isSome ? [left.unwrap().account, left.unwrap().since].map(plain) : null,
    envelopes: Object.fromEntries(
      envelopes.map(([{ args: [, , segment, reader] }, envelope]) => [
        `${segment}/${reader}`,
        envelopeOf(envelope.unwrap()),
      ]),
    ),
  };
}

/** Returns the readers of a data set from the runtime API, in the format of `Rebuilt.readers`. */
export async function readersOf(at, container, name) {
  const { readers } = at.call.dataContainerApi;
  const { items, next } = await readers(container, bytes(name), null, PAGE);
  assert.ok(next.isNone);
  return Object.fromEntries(
    items.map(({ account, until, envelope }) => [plain(account), [plain(until), envelope.type]]),
  );
}
