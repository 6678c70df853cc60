"""The controls of the frameworks in a few words, and what of them no rule about infrastructure can cover.

The wording is this project's own reading; the texts are the AICPA's (TSP section 100), the Union's (2016/679) and California's
(Civil Code). A control without a rule is listed all the same where an auditor asks for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Control:
    """`title`: what it asks for. `beyond`: what else it needs, which no resource shows."""

    title: str
    beyond: str


SOC2: Final[Mapping[str, Control]] = {
    "CC6.1": Control(
        "Access to systems and data is restricted, and data is protected", "who has accounts at the cloud, and why"
    ),
    "CC6.2": Control("Users are registered before they get access", "joining, changing and leaving of people"),
    "CC6.3": Control("Access follows roles and least privilege", "reviews of who has which role"),
    "CC6.4": Control("Physical access is restricted", "all of it: the data centre of the cloud or of the operator"),
    "CC6.5": Control("Data is removed before devices are given away", "disks of hosts on premises"),
    "CC6.6": Control("The border to the outside is protected", "devices of people, and tests of penetration"),
    "CC6.7": Control("Data on its way is protected", "files that people carry or send"),
    "CC6.8": Control("Unknown and malicious software is kept out", "what is inside an image: scans of images and dependencies"),
    "CC7.1": Control("Changes of configuration and weaknesses are found", "what is done about a finding, and by when"),
    "CC7.2": Control("Operation is watched for what is unusual", "who looks, and what counts as unusual"),
    "CC7.3": Control("Events are weighed", "the people and their records"),
    "CC7.4": Control("Incidents are answered by a plan", "the plan, and that it was practised"),
    "CC7.5": Control("What an incident broke is restored", "the decision to restore, and telling users"),
    "CC8.1": Control("Changes are authorized, tested and approved", "reviews and approvals of changes"),
    "CC9.1": Control("Risks of interruption are reduced", "the assessment of risks, and insurance"),
    "A1.1": Control("Capacity is watched and planned", "forecasts"),
    "A1.2": Control("Backups and spare infrastructure exist", "a place for the operator's people to work"),
    "A1.3": Control("Recovery is tested", "a test of the whole plan with people"),
    "C1.1": Control("Confidential data is known and protected", "the classification of data"),
    "C1.2": Control("Confidential data is disposed of", "deletion of single records, which the application does"),
    "PI1.3": Control("Processing is complete", "the application's own checks"),
    "PI1.5": Control("Stored results are complete and correct", "the application's own checks"),
}

GDPR: Final[Mapping[str, Control]] = {
    "Art. 5(1)(c)": Control("Data minimisation", "which data the application collects"),
    "Art. 5(1)(e)": Control("Storage limitation", "how long each kind of data is needed; rows of the database"),
    "Art. 5(1)(f)": Control("Integrity and confidentiality", "duties of people"),
    "Art. 25(1)": Control("Data protection by design", "pseudonymisation in the application"),
    "Art. 25(2)": Control("Data protection by default", "the application's defaults"),
    "Art. 28": Control("Processors", "all of it: contracts with the cloud and with relays"),
    "Art. 30": Control("Records of processing", "the record itself; labels and regions say where data is"),
    "Art. 32(1)(a)": Control("Encryption", "encryption inside the application"),
    "Art. 32(1)(b)": Control("Confidentiality, integrity, availability and resilience", "people and premises"),
    "Art. 32(1)(c)": Control("Restoring access after an incident", "the decision to restore"),
    "Art. 32(1)(d)": Control("Regular tests of measures", "reviews of the measures as a whole"),
    "Art. 33": Control("Telling the authority of a breach within 72 hours", "telling: alarms and logs only make it seen"),
    "Art. 35": Control("Impact assessment", "all of it"),
    "Art. 44": Control("Transfers to third countries", "contracts, and who at a provider can read; regions of the data only"),
}

CCPA: Final[Mapping[str, Control]] = {
    "1798.100": Control("Collecting no more and keeping no longer than is said", "the notice; which data is collected"),
    "1798.105": Control("Deletion on request", "finding and deleting a person's records, which the application does"),
    "1798.106": Control("Correction on request", "all of it"),
    "1798.110": Control("Telling a person what is known of them", "all of it"),
    "1798.120": Control("No sale or sharing against a person's will", "all of it"),
    "1798.150": Control("Reasonable security; damages for data that was not encrypted", "procedures of people"),
}

FRAMEWORKS: Final[Mapping[str, Mapping[str, Control]]] = {"SOC 2": SOC2, "GDPR": GDPR, "CCPA": CCPA}
