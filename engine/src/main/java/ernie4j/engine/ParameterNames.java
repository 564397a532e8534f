package ernie4j.engine;

/** Paddle's structured parameter names, the canonical names of this project. */
public final class ParameterNames {
  private ParameterNames() {}

  public static final String WORD_EMBEDDINGS = "ernie.embeddings.word_embeddings.weight";
  public static final String POSITION_EMBEDDINGS = "ernie.embeddings.position_embeddings.weight";
  public static final String TOKEN_TYPE_EMBEDDINGS =
      "ernie.embeddings.token_type_embeddings.weight";
  public static final String TASK_TYPE_EMBEDDINGS = "ernie.embeddings.task_type_embeddings.weight";

  /** Add {@code .weight} or {@code .bias}. */
  public static final String EMBEDDINGS_NORM = "ernie.embeddings.layer_norm";

  public static final String POOLER = "ernie.pooler.dense";

  /** For example {@code layer(0, "linear1")} is {@code ernie.encoder.layers.0.linear1}. */
  public static String layer(int layer, String part) {
    return "ernie.encoder.layers." + layer + "." + part;
  }
}
