"""Validates STIX 2.1 objects, one JSON text a line, with OASIS's validator. Prints what it says as JSON."""

import json
import sys

from stix2validator import ValidationOptions, validate_instance
from stix2patterns.validator import run_validator

results = []
with open(sys.argv[1], encoding="utf-8") as lines:
    for line in lines:
        stix = json.loads(line)
        found = validate_instance(stix, ValidationOptions(version="2.1", strict_types=False))
        results.append(
            {
                "id": stix["id"],
                "valid": found.is_valid,
                "errors": [str(error) for error in found.errors],
                "warnings": [str(warning) for warning in found.warnings],
                "pattern": [str(error) for error in run_validator(stix["pattern"], stix_version="2.1")]
                if "pattern" in stix
                else [],
            }
        )
print(json.dumps(results))
