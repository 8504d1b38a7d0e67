import express, { type Express, type Request } from 'express';
import { answerErrors, badField, refuseUnknownRoutes, requireCaller } from '../google-error.ts';
import type { Identities } from '../identities.ts';
import { type JsonObject, loadDescriptors, readProtoJson } from '../proto-json.ts';
import type { Broker } from './broker.ts';
import type { NewMessage } from './message.ts';

const descriptors = loadDescriptors('@google-cloud/pubsub', '@google-cloud/pubsub-api');

/** The request's body as the message `type` of google.pubsub.v1. */
const bodyAs = (type: string, request: Request): JsonObject =>
  readProtoJson(descriptors.lookupType(`google.pubsub.v1.${type}`), request.body ?? {});

/** A resource's name out of a path that one of the patterns below matched. */
const named = (request: Request): string => {
  const name: unknown = request.params[0];
  if (typeof name !== 'string') throw badField('name', 'no name in the path');
  return name;
};

const aTopic = /^\/v1\/(projects\/[^/]+\/topics\/[^/:]+)$/;
const topicsOf = /^\/v1\/(projects\/[^/]+)\/topics$/;
const ofTopic = /^\/v1\/(projects\/[^/]+\/topics\/[^/:]+)\/subscriptions$/;
const publish = /^\/v1\/(projects\/[^/]+\/topics\/[^/:]+):publish$/;
const aSubscription = /^\/v1\/(projects\/[^/]+\/subscriptions\/[^/:]+)$/;
const subscriptionsOf = /^\/v1\/(projects\/[^/]+)\/subscriptions$/;
const pull = /^\/v1\/(projects\/[^/]+\/subscriptions\/[^/:]+):pull$/;
const acknowledge = /^\/v1\/(projects\/[^/]+\/subscriptions\/[^/:]+):acknowledge$/;
const extend = /^\/v1\/(projects\/[^/]+\/subscriptions\/[^/:]+):modifyAckDeadline$/;

/** Pub/Sub's REST surface v1 over a broker. Lists are answered on one page. */
export const pubsubRoutes = (broker: Broker, identities: Identities): Express => {
  const app = express();
  // 10 MB of messages in base64, with their attributes.
  app.use(requireCaller(identities), express.json({ limit: '20mb', strict: false }));

  app.put(aTopic, (request, response) => {
    response.json(broker.createTopic(named(request), bodyAs('Topic', request)));
  });
  app.get(aTopic, (request, response) => {
    response.json(broker.topic(named(request)));
  });
  app.delete(aTopic, (request, response) => {
    broker.deleteTopic(named(request));
    response.json({});
  });
  app.get(topicsOf, (request, response) => {
    response.json({ topics: broker.topics(named(request)) });
  });
  app.get(ofTopic, (request, response) => {
    const topic = broker.topic(named(request)).name;
    const all = broker.subscriptions(named(request).split('/').slice(0, 2).join('/'));
    const names = all.filter(({ settings }) => settings.topic === topic).map(({ settings }) => settings.name);
    response.json({ subscriptions: names });
  });
  app.post(publish, (request, response) => {
    const { messages = [] } = bodyAs('PublishRequest', request) as { messages?: NewMessage[] };
    response.json({ messageIds: broker.publish(named(request), messages) });
  });

  app.put(aSubscription, (request, response) => {
    response.json(broker.createSubscription(named(request), bodyAs('Subscription', request)));
  });
  app.get(aSubscription, (request, response) => {
    response.json(broker.subscription(named(request)).settings.resource);
  });
  app.delete(aSubscription, (request, response) => {
    broker.deleteSubscription(named(request));
    response.json({});
  });
  app.get(subscriptionsOf, (request, response) => {
    const all = broker.subscriptions(named(request));
    response.json({ subscriptions: all.map(({ settings }) => settings.resource) });
  });
  app.post(pull, (request, response) => {
    const { maxMessages = 0 } = bodyAs('PullRequest', request);
    const receivedMessages = broker.pulled(named(request)).pull(Number(maxMessages));
    response.json(receivedMessages.length > 0 ? { receivedMessages } : {});
  });
  app.post(acknowledge, (request, response) => {
    broker.pulled(named(request)).acknowledge(ackIds(bodyAs('AcknowledgeRequest', request)));
    response.json({});
  });
  app.post(extend, (request, response) => {
    const body = bodyAs('ModifyAckDeadlineRequest', request);
    broker.pulled(named(request)).extend(ackIds(body), Number(body.ackDeadlineSeconds ?? 0) * 1000);
    response.json({});
  });

  app.use(refuseUnknownRoutes('Pub/Sub'));
  app.use(answerErrors);
  return app;
};

const ackIds = (body: JsonObject): string[] => {
  const ids = (body.ackIds ?? []) as string[];
  if (ids.length === 0) throw badField('ackIds', 'No ack ids specified.');
  return ids;
};
