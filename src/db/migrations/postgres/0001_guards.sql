-- Nothing of a side conversation, and no word meant for agents, is ever addressed to one of the ticket's customers.
CREATE FUNCTION delivery_recipients_internal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (
    SELECT 1 FROM deliveries d LEFT JOIN notices n ON n.id = d.notice_id
    WHERE d.id = NEW.delivery_id AND (d.side_message_id IS NOT NULL OR n.audience = 'agent')
      AND EXISTS (
        SELECT 1 FROM identities i WHERE i.kind = NEW.kind AND i.value = NEW.address AND i.person_id IN (
          SELECT requester_id FROM tickets WHERE id = d.ticket_id
          UNION SELECT person_id FROM ticket_people WHERE ticket_id = d.ticket_id AND role = 'cc'))) THEN
    RAISE EXCEPTION 'an internal delivery is addressed to a customer of its ticket' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER delivery_recipients_internal BEFORE INSERT ON delivery_recipients
FOR EACH ROW EXECUTE FUNCTION delivery_recipients_internal();
--> statement-breakpoint
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '%', TG_ARGV[0] USING ERRCODE = 'check_violation';
END $$;
--> statement-breakpoint
CREATE TRIGGER delivery_recipients_fixed BEFORE UPDATE ON delivery_recipients FOR EACH ROW
WHEN (NEW.delivery_id IS DISTINCT FROM OLD.delivery_id OR NEW.kind IS DISTINCT FROM OLD.kind
  OR (NEW.address IS DISTINCT FROM OLD.address AND NEW.address NOT LIKE 'erased-%'))
EXECUTE FUNCTION refuse_change('the recipients of a delivery are frozen');
--> statement-breakpoint
CREATE TRIGGER deliveries_fixed BEFORE UPDATE ON deliveries FOR EACH ROW
WHEN (NEW.ticket_id IS DISTINCT FROM OLD.ticket_id OR NEW.comment_id IS DISTINCT FROM OLD.comment_id
  OR NEW.comment_visibility IS DISTINCT FROM OLD.comment_visibility OR NEW.side_message_id IS DISTINCT FROM OLD.side_message_id
  OR NEW.notice_id IS DISTINCT FROM OLD.notice_id)
EXECUTE FUNCTION refuse_change('the source of a delivery is frozen');
--> statement-breakpoint
CREATE TRIGGER comments_stay_internal BEFORE UPDATE ON comments FOR EACH ROW
WHEN (OLD.visibility IS DISTINCT FROM NEW.visibility)
EXECUTE FUNCTION refuse_change('a comment keeps its visibility');
--> statement-breakpoint
CREATE TRIGGER notices_fixed BEFORE UPDATE ON notices FOR EACH ROW
WHEN (OLD.audience IS DISTINCT FROM NEW.audience)
EXECUTE FUNCTION refuse_change('a notice keeps its audience');
