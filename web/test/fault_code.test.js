import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { faultCode } from '../src/controls/fault_code.js';

const rule = {
  match: { cloud: 'alibaba', action: 'GetSecretValue', secret: 'it\'s/*', region: 'cn-shanghai', nth: 2 },
  error: 'Rejected.Throttling',
  status: 503,
  message: 'again "now"',
  latency: { min: '200ms', max: '1m 30s' },
  when: 'after',
  times: 3,
};

describe('A fault as code', () => {
  it('is a shell command that quotes the JSON', () => {
    assert.equal(faultCode({ match: { secret: "it's" }, reset: true, status: undefined }, 'curl', 'http://h'), `curl http://h/_emulator/faults -d '{"match":{"secret":"it'\\''s"},"reset":true}'`);
  });

  it('is a call of the fixture of pytest', () => {
    assert.equal(
      faultCode(rule, 'pytest', ''),
      'def test_with_fault(kms_tenant, kms_fault):\n    kms_fault("Rejected.Throttling", cloud="alibaba", action="GetSecretValue", secret="it\'s/*", region="cn-shanghai", nth=2, status=503, message="again \\"now\\"", latency={"min":"200ms","max":"1m 30s"}, when="after", times=3)',
    );
    assert.equal(faultCode({ match: {}, reset: true, when: 'before' }, 'pytest', ''), 'def test_with_fault(kms_tenant, kms_fault):\n    kms_fault(reset=True)');
  });

  it('is a rule of the JUnit extension', () => {
    assert.equal(
      faultCode(rule, 'junit', ''),
      'faults.add(FaultRule.on("GetSecretValue").cloud("alibaba").secret("it\'s/*").region("cn-shanghai").nth(2).error("Rejected.Throttling").status(503).message("again \\"now\\"").latency(Duration.ofMillis(200), Duration.ofMillis(90000)).after().times(3));',
    );
    assert.equal(faultCode({ latency: '3s' }, 'junit', ''), 'faults.add(FaultRule.onAll().latency(Duration.ofMillis(3000)));');
    assert.equal(faultCode({ match: { probability: 0.5, seed: 7 }, truncate: 5 }, 'junit', ''), 'faults.add(FaultRule.onAll().probability(0.5, 7).truncate(5));');
  });

  it('is a rule of the Go module', () => {
    assert.equal(
      faultCode({ match: { region: 'cn-shanghai', every: 3 }, latency: '2 seconds', truncate: 10 }, 'go', ''),
      'truncate := uint32(10)\ntenant.Fault(kmsemulator.FaultRule{\n\tMatch: kmsemulator.FaultMatch{Region: "cn-shanghai", Every: 3},\n\tLatency: 2000 * time.Millisecond,\n\tTruncate: &truncate,\n})',
    );
  });

  it('is a call of the npm package', () => {
    assert.equal(faultCode({ match: { action: 'ListSecrets' }, error: 'X', status: null }, 'node', ''), 'await tenant.fault({\n  "match": {\n    "action": "ListSecrets"\n  },\n  "error": "X"\n});');
  });
});
