// Sensors of an EPCIS event (docs/epcis.md, Payload 5).
import { METADATA, REPORT, VOCABULARIES } from './epcis_terms.js';
import { Values, decimalOf, need, textIn } from './epcis_values.js';
import type { JsonObject } from './epcis_values.js';
import type { Decimal, TraceEvent } from './event_schema.js';
import { JsonNumber } from './json.js';
import type { AnyJson } from './json.js';
import { isOwn } from './ld_context.js';

export class SensorValues extends Values {
  protected sensor(value: AnyJson, at: string): TraceEvent['sensors'][number] {
    const element = this.object(value, at);
    this.members(element, ['sensorMetadata', 'sensorReport'], at);
    const metadata = element.get('sensorMetadata');
    if (metadata !== undefined) {
      this.inner(this.object(metadata, `${at}/sensorMetadata`), METADATA, `${at}/sensorMetadata`);
    }
    const reports = this.list(element.get('sensorReport'), `${at}/sensorReport`);
    need(reports.length > 0, `${at}/sensorReport`, 'at least one');
    const read = reports.map((one, i) => {
      const place = `${at}/sensorReport/${i}`;
      const report = this.object(one, place);
      need(report.has('type'), place, 'a type is needed');
      this.inner(report, REPORT, place);
      return this.report(report, place);
    });
    return { reports: read, metadata: [] };
  }

  private report(
    report: JsonObject,
    at: string,
  ): TraceEvent['sensors'][number]['reports'][number] {
    const number = (name: string): Decimal | null => {
      const value = report.get(name);
      return value instanceof JsonNumber ? decimalOf(value.text) : null;
    };
    const time = report.get('time');
    const numbers = [number('value'), number('minValue'), number('maxValue'), number('meanValue')];
    const measured = numbers.some((one) => one !== null);
    const [value = null, minValue = null, maxValue = null, meanValue = null] = numbers;
    const alert = report.has('exception')
      ? this.word(VOCABULARIES.alert, report.get('exception'), at)
      : '';
    return {
      type: this.word(VOCABULARIES.measurement, report.get('type'), at),
      value,
      minValue,
      maxValue,
      meanValue,
      // A unit of no number, and an alert of another vocabulary, are fields like any other.
      uom: measured ? ((report.get('uom') as string | undefined) ?? '') : '',
      deviceId: report.has('deviceID') ? this.device(report.get('deviceID'), at) : '',
      exception: VOCABULARIES.alert.words.has(alert) ? alert : '',
      time: time === undefined ? null : this.time(time, at),
      other: [],
    };
  }

  private device(value: AnyJson | undefined, at: string): string {
    const uri = this.uri(value, at);
    const device = isOwn(uri) ? textIn(uri) : uri;
    need(device !== null, at, 'no name of a device');
    return device;
  }
}
