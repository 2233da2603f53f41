// The names of EPCIS 2.0 and CBV 2.0 as far as docs/epcis.md judges them.

const words = (text: string): Set<string> => new Set(text.split(' '));

const BIZ_STEPS = words(
  'accepting arriving assembling collecting commissioning consigning creating_class_instance ' +
    'cycle_counting decommissioning departing destroying disassembling dispensing encoding ' +
    'entering_exiting holding inspecting installing killing loading other packing picking ' +
    'receiving removing repackaging repairing replacing reserving retail_selling sampling ' +
    'sensor_reporting shipping staging_outbound stock_taking stocking storing transporting ' +
    'unloading unpacking void_shipping',
);
const DISPOSITIONS = words(
  'active available completeness_inferred completeness_verified conformant container_closed ' +
    'container_open damaged destroyed dispensed disposed encoded expired in_progress in_transit ' +
    'inactive mismatch_class mismatch_instance mismatch_quantity needs_replacement ' +
    'no_pedigree_match non_conformant non_sellable_other partially_dispensed recalled reserved ' +
    'retail_sold returned sellable_accessible sellable_not_accessible stolen unavailable unknown',
);
const MEASUREMENTS = words(
  'AbsoluteHumidity AbsorbedDose AbsorbedDoseRate Acceleration Radioactivity Altitude ' +
    'AmountOfSubstance AmountOfSubstancePerUnitVolume Angle AngularAcceleration AngularMomentum ' +
    'AngularVelocity Area Capacitance Conductance Conductivity Count Density Dimensionless ' +
    'DoseEquivalent DoseEquivalentRate DynamicViscosity ElectricCharge ElectricCurrent ' +
    'ElectricCurrentDensity ElectricFieldStrength Energy Exposure Force Frequency Illuminance ' +
    'Inductance Irradiance KinematicViscosity Length LinearMomentum Luminance LuminousFlux ' +
    'LuminousIntensity MagneticFlux MagneticFluxDensity MagneticVectorPotential Mass ' +
    'MassConcentration MassFlowRate MassPerAreaTime MemoryCapacity MolalityOfSolute MolarEnergy ' +
    'MolarMass MolarVolume Power Pressure RadiantFlux RadiantIntensity RelativeHumidity ' +
    'Resistance Resistivity SolidAngle SpecificVolume Speed SurfaceDensity SurfaceTension ' +
    'Temperature Time Torque Voltage Volume VolumeFlowRate VolumeFraction VolumetricFlux Wavenumber',
);

export interface Vocabulary {
  words: Set<string>;
  prefixes: string[]; // In full; a word of the vocabulary must follow.
  own: string; // The ledger's words beyond CBV; '': it has none.
}

const ofCbv = (set: Set<string>, web: string, urn: string, own = true): Vocabulary => ({
  words: set,
  prefixes: [
    `https://ref.gs1.org/cbv/${web}-`,
    `https://ns.gs1.org/cbv/${web}-`,
    `urn:epcglobal:cbv:${urn}:`,
  ],
  own: own ? `suyuan:${web}-` : '',
});
const GS1_VOC = ['https://ref.gs1.org/voc/'];
const ofGs1 = (set: Set<string>, own: string): Vocabulary => ({
  words: set,
  prefixes: GS1_VOC,
  own,
});

export const VOCABULARIES = {
  step: ofCbv(BIZ_STEPS, 'BizStep', 'bizstep'),
  disposition: ofCbv(DISPOSITIONS, 'Disp', 'disp'),
  transaction: ofCbv(
    words('bol cert desadv inv pedigree po poc prodorder recadv rma testprd testres upevt'),
    'BTT',
    'btt',
  ),
  party: ofCbv(words('owning_party possessing_party location'), 'SDT', 'sdt'),
  reason: ofCbv(words('did_not_occur incorrect_data'), 'ER', 'er'),
  component: ofCbv(
    words(
      'x y z axial_distance azimuth height spherical_radius polar_angle elevation_angle easting ' +
        'northing latitude longitude altitude',
    ),
    'Comp',
    'comp',
    false,
  ),
  measurement: ofGs1(MEASUREMENTS, 'suyuan:Measure-'),
  alert: ofGs1(words('ALARM_CONDITION ERROR_CONDITION'), ''),
};

/** For each member of an event: the types that may have it, by the first letters in docs/epcis.md's table. */
export const MEMBERS: Record<string, string> = {
  '@context': 'OATFS',
  type: 'OATFS',
  eventTime: 'OATFS',
  recordTime: 'OATFS',
  eventTimeZoneOffset: 'OATFS',
  eventID: 'OATFS',
  certificationInfo: 'OATFS',
  errorDeclaration: 'OATFS',
  action: 'OATS',
  bizStep: 'OATFS',
  disposition: 'OATFS',
  persistentDisposition: 'OF',
  readPoint: 'OATFS',
  bizLocation: 'OATFS',
  bizTransactionList: 'OATFS',
  sourceList: 'OATFS',
  destinationList: 'OATFS',
  sensorElementList: 'OATFS',
  ilmd: 'OF',
  epcList: 'OT',
  quantityList: 'OT',
  parentID: 'AST',
  childEPCs: 'AS',
  childQuantityList: 'AS',
  inputEPCList: 'F',
  inputQuantityList: 'F',
  outputEPCList: 'F',
  outputQuantityList: 'F',
  transformationID: 'F',
};

export type Form =
  | 'uri'
  | 'time'
  | 'number'
  | 'text'
  | 'boolean'
  | 'hex'
  | 'uom'
  | 'component'
  | 'measurement'
  | 'alert';
const forms = (form: Form, names: string): [string, Form][] =>
  names.split(' ').map((name) => [name, form]);

export const METADATA = new Map<string, Form>([
  ...forms('time', 'time startTime endTime'),
  ...forms('uri', 'deviceID deviceMetadata rawData dataProcessingMethod bizRules'),
]);
export const REPORT = new Map<string, Form>([
  ['type', 'measurement'],
  ['exception', 'alert'],
  ['component', 'component'],
  ['uom', 'uom'],
  ['stringValue', 'text'],
  ['booleanValue', 'boolean'],
  ['hexBinaryValue', 'hex'],
  ...forms('time', 'time'),
  ...forms('number', 'value minValue maxValue meanValue sDev percRank percValue'),
  ...forms(
    'uri',
    'deviceID deviceMetadata rawData dataProcessingMethod bizRules microorganism ' +
      'chemicalSubstance coordinateReferenceSystem uriValue',
  ),
]);

export const TERMS = words(
  'kind audience lot wholeLot result confirms losses netKg documents sections ' +
    'persistentDisposition ilmd extensions',
);

/** Names to which no context may give another meaning. */
export const RESERVED = new Set([
  'suyuan',
  ...Object.keys(MEMBERS),
  ...Object.values(VOCABULARIES).flatMap((one) => [...one.words]),
  ...METADATA.keys(),
  ...REPORT.keys(),
  ...words(
    'ObjectEvent AggregationEvent TransactionEvent TransformationEvent AssociationEvent id ' +
      'baseURL Collection member source destination set unset bizTransaction sensorMetadata ' +
      'sensorReport reason correctiveEventIDs declarationTime quantity epcClass creationDate ' +
      'sender receiver instanceIdentifier schemaVersion EPCISDocument EPCISQueryDocument ' +
      'epcisHeader masterData vocabularyList epcisBody queryResults subscriptionID queryName ' +
      'resultsBody eventList children',
  ),
]);
