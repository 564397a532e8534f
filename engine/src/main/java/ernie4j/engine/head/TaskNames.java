package ernie4j.engine.head;

/**
 * What a model file calls the tasks of its head, and the keys of its labels: the one place where
 * training, pipelines, importers and exporters take them from.
 */
public final class TaskNames {
  private TaskNames() {}

  /** No head. */
  public static final String ENCODER = "encoder";

  /** Labels under {@link #INTENT} and {@link #SLOT}. */
  public static final String JOINT_INTENT_SLOTS = "joint-intent-slots";

  /** A text or a pair has one of several classes; labels under {@link #LABEL}. */
  public static final String SEQUENCE_CLASSIFICATION = "sequence-classification";

  /** Every token has a label, for example B-PER; labels under {@link #LABEL}. */
  public static final String TOKEN_CLASSIFICATION = "token-classification";

  /** The answer to a question is a span of a context. */
  public static final String QUESTION_ANSWERING = "question-answering";

  /** One of several continuations fits best. */
  public static final String MULTIPLE_CHOICE = "multiple-choice";

  /** The pre-training head: which token stands at a place. */
  public static final String MASKED_LM = "masked-lm";

  /** Key of the labels of a head with one output. */
  public static final String LABEL = "label";

  public static final String INTENT = "intent";
  public static final String SLOT = "slot";
}
