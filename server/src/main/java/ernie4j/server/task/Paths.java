package ernie4j.server.task;

import java.util.List;

/** The paths of requests to models. */
public final class Paths {
  static final String EMBEDDINGS = "/v1/embeddings";
  static final String PARSE = "/v1/parse";
  static final String CLASSIFY = "/v1/classify";
  static final String TAG = "/v1/tag";
  static final String ANSWER = "/v1/answer";
  static final String SCORE = "/v1/score";
  static final String RERANK = "/v1/rerank";
  static final String EXTRACT = "/v1/extract";

  /** All paths, whether or not a server has models for them. */
  public static final List<String> ALL =
      List.of(EMBEDDINGS, PARSE, CLASSIFY, TAG, ANSWER, SCORE, RERANK, EXTRACT);

  private Paths() {}
}
