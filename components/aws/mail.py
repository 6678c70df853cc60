"""SES: a domain that mail authenticates for, a login for SMTP that may send from this domain only, bounces told to a queue.

DKIM keys of 2048 bits are SES's own, which it changes by itself. The envelope's domain is `bounce.<domain>`, so that SPF
speaks for the platform too; while its MX is not found SES sends under its own name, which DKIM still answers for, rather than
not at all. Every message goes by the identity's configuration set: TLS to receivers or no delivery, no second message to an
address that bounced or complained (a list of the account), figures of reputation.

At the apex of a zone that is there already DMARC is left to whoever looks after it: the policy would bind all who send under
that name, and there is often one. A subdomain of its own for mail (`mail.example.com`) gets one.

A new account is in SES's sandbox, region by region: mail only to verified addresses, 200 a day. Leaving it is asked for in
the console, once, and no program can. A zone that this stack makes must be delegated before SES sees the records.

The login is the access key of a user who can do nothing else: SMTP knows no roles. Its password is derived for the region. It
is in the state as a secret, and in Secrets Manager. To change it, replace the key: `pulumi up --target-replace` with its URN.
"""

from __future__ import annotations

from urllib.parse import quote

import pulumi
import pulumi_aws as aws
from pulumi import Output, ResourceOptions

from components import naming
from components.aws.account import account
from components.aws.documents import document
from components.aws.keys import key
from components.aws.mail_events import may_publish, topic_name
from components.aws.mail_records import DMARC, ROLES, TTL_SECONDS, Record, bounce_domain, dkim, records
from components.aws.stored_secret import stored_secret
from components.aws.tags import tags
from components.binding import Binding
from components.contract import DnsOutputs, MailArgs, MailOutputs
from components.given import given

DKIM_NAMES = 3

EVENTS = ("BOUNCE", "COMPLAINT", "DELIVERY_DELAY", "REJECT", "RENDERING_FAILURE")
"""All that went wrong; deliveries, opens and clicks are nobody's message."""


class Mail(pulumi.ComponentResource):
    """Raises `ValueError` without a zone, which `data_limits` refuses before."""

    def __init__(self, name: str, args: MailArgs, opts: ResourceOptions) -> None:
        super().__init__("penguinmails:aws:Mail", name, None, opts)
        self._name, self._args, self._identity, self._domain = name, args, args.identity, args.mail.domain
        self._zone: DnsOutputs = given(args.dns, "the zone")
        self._set_name = naming.physical(args.identity, "mail", naming.SES_LIMIT)
        self._key = key(
            name,
            args.identity,
            "mail",
            "mail",
            "Login of the mail service, and what it tells of bounces",
            self,
            services=("secretsmanager",),
            publishers=("ses.amazonaws.com",) if args.events is not None else (),
        )
        self._configuration = self._configure()
        identity = self._sender()
        if args.events is not None:
            self._tell(args.events)
        secret = stored_secret(
            f"{name}-url", args.identity, "mail", "mail-url", "URL of the mail service", self._url(identity), self._key, self
        )
        self.outputs = MailOutputs(binding=Binding(secrets={"SMTP_URL": secret}), id=self._configuration.configuration_set_name)
        self.register_outputs({"domain": self._domain})

    def _child(self) -> ResourceOptions:
        return ResourceOptions(parent=self)

    def _tags(self, role: str) -> dict[str, str]:
        return tags(self._identity, "mail", naming.physical(self._identity, role, naming.TAG_LIMIT))

    def _configure(self) -> aws.sesv2.ConfigurationSet:
        return aws.sesv2.ConfigurationSet(
            f"{self._name}-settings",
            configuration_set_name=self._set_name,
            delivery_options=aws.sesv2.ConfigurationSetDeliveryOptionsArgs(tls_policy="REQUIRE"),
            reputation_options=aws.sesv2.ConfigurationSetReputationOptionsArgs(reputation_metrics_enabled=True),
            sending_options=aws.sesv2.ConfigurationSetSendingOptionsArgs(sending_enabled=True),
            suppression_options=aws.sesv2.ConfigurationSetSuppressionOptionsArgs(suppressed_reasons=["BOUNCE", "COMPLAINT"]),
            tags=self._tags("mail"),
            opts=self._child(),
        )

    def _sender(self) -> aws.sesv2.EmailIdentity:
        """The domain with its records. SMTP clients need no header to go by the configuration set: it is the identity's own."""
        sender = aws.sesv2.EmailIdentity(
            f"{self._name}-domain",
            email_identity=self._domain,
            configuration_set_name=self._configuration.configuration_set_name,
            dkim_signing_attributes=aws.sesv2.EmailIdentityDkimSigningAttributesArgs(next_signing_key_length="RSA_2048_BIT"),
            tags=self._tags("mail"),
            opts=self._child(),
        )
        published = self._publish(sender)
        aws.sesv2.EmailIdentityMailFromAttributes(
            f"{self._name}-bounce-domain",
            email_identity=sender.email_identity,
            mail_from_domain=bounce_domain(self._domain),
            behavior_on_mx_failure="USE_DEFAULT_VALUE",
            opts=ResourceOptions(parent=self, depends_on=published),
        )
        return sender

    def _publish(self, sender: aws.sesv2.EmailIdentity) -> list[pulumi.Resource]:
        """Roles and the number of SES's tokens are known before anything is made; names and values are not."""
        tokens = sender.dkim_signing_attributes.apply(lambda found: list(found.tokens or ()))
        region, postmaster = account(self).region, self._args.mail.postmaster

        def signed(index: int) -> Output[Record]:
            return tokens.apply(lambda found: dkim(self._domain, found[index]))

        def written(role: str) -> Output[Record]:
            return region.apply(lambda found: records(self._domain, found, postmaster)[role])

        return [
            *(self._record(f"dkim-{index + 1}", signed(index)) for index in range(DKIM_NAMES)),
            *(self._record(role, written(role)) for role in self._roles()),
        ]

    def _roles(self) -> list[str]:
        if self._domain != self._zone.existing:
            return list(ROLES)
        pulumi.log.info(apex_notice(self._domain), resource=self)
        return [role for role in ROLES if role != DMARC]

    def _record(self, role: str, record: Output[Record]) -> aws.route53.Record:
        return aws.route53.Record(
            f"{self._name}-{role}",
            zone_id=self._zone.zone_id,
            name=record.apply(lambda found: found.name),
            type=record.apply(lambda found: found.type),
            ttl=TTL_SECONDS,
            records=[record.apply(lambda found: found.value)],
            opts=self._child(),
        )

    def _tell(self, queue: Output[str]) -> None:
        """What SES tells goes to a queue by a topic. Raw: the message is SES's own JSON and no envelope of SNS."""
        topic = aws.sns.Topic(
            f"{self._name}-events",
            name=topic_name(self._identity),
            kms_master_key_id=self._key.arn,
            tags=self._tags("mail-events"),
            opts=self._child(),
        )
        policy = aws.sns.TopicPolicy(
            f"{self._name}-events-policy",
            arn=topic.arn,
            policy=Output.all(topic.arn, account(self).id, self._configuration.arn).apply(lambda found: may_publish(*found)),
            opts=self._child(),
        )
        subscription = aws.sns.TopicSubscription(
            f"{self._name}-events-queue",
            topic=topic.arn,
            protocol="sqs",
            endpoint=queue,
            raw_message_delivery=True,
            opts=self._child(),
        )
        destination = aws.sesv2.ConfigurationSetEventDestinationEventDestinationArgs(
            enabled=True,
            matching_event_types=list(EVENTS),
            sns_destination=aws.sesv2.ConfigurationSetEventDestinationEventDestinationSnsDestinationArgs(topic_arn=topic.arn),
        )
        aws.sesv2.ConfigurationSetEventDestination(
            f"{self._name}-events-destination",
            configuration_set_name=self._configuration.configuration_set_name,
            event_destination_name="queue",
            event_destination=destination,
            opts=ResourceOptions(parent=self, depends_on=[policy, subscription]),
        )

    def _url(self, sender: aws.sesv2.EmailIdentity) -> Output[str]:
        """The port 587 speaks STARTTLS, which the workload demands off its own host."""
        user = aws.iam.User(
            f"{self._name}-user",
            name=naming.physical(self._identity, "mail", naming.IAM_ROLE_LIMIT),
            tags=self._tags("mail"),
            opts=self._child(),
        )
        # Sends as any address of the domain and as nobody else; SMTP sends whole messages and nothing but these.
        policy = aws.iam.UserPolicy(
            f"{self._name}-user-policy",
            name=naming.physical(self._identity, "permissions", naming.IAM_POLICY_LIMIT),
            user=user.name,
            policy=Output.all(sender.arn, self._configuration.arn).apply(lambda found: may_send_from(self._domain, found)),
            opts=self._child(),
        )
        login = aws.iam.AccessKey(f"{self._name}-login", user=user.name, opts=ResourceOptions(parent=self, depends_on=[policy]))
        return Output.secret(
            Output.all(login.id, login.ses_smtp_password_v4, account(self).region).apply(lambda found: smtp_url(*found))
        )


def apex_notice(domain: str) -> str:
    """What is left to do for a domain whose zone somebody else began. Pure."""
    return (
        f"platform.mail.domain: {domain} is the apex of a zone that is there already, so its DMARC policy is not published; "
        f"see that _dmarc.{domain} exists, or name a subdomain"
    )


def may_send_from(domain: str, resources: list[str]) -> str:
    """The user's policy. Pure. `resources`: the domain's identity and the configuration set that its mail goes by."""
    statement = {
        "Sid": "SendFromTheDomain",
        "Effect": "Allow",
        "Action": "ses:SendRawEmail",
        "Resource": sorted(resources),
        "Condition": {"StringLike": {"ses:FromAddress": f"*@{domain}"}},
    }
    return document([statement])


def smtp_url(user: str, password: str, region: str) -> str:
    """As the workload reads it (`SMTP_URL`). Pure."""
    return f"smtp://{quote(user, safe='')}:{quote(password, safe='')}@email-smtp.{region}.amazonaws.com:587"
