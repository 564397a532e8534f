package ernie4j.langchain4j;

import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.output.Response;
import dev.langchain4j.model.scoring.ScoringModel;
import ernie4j.pipeline.LongText;
import ernie4j.pipeline.TextPair;
import ernie4j.pipeline.TextScorer;
import java.io.IOException;
import java.util.List;

/**
 * A {@link ScoringModel}, which says how well segments answer a query, in pure Java. May be shared
 * between threads.
 *
 * <pre>{@code
 * ScoringModel model = ErnieScoringModel.load("reranker.ernie");
 * ContentAggregator aggregator = ReRankingContentAggregator.builder().scoringModel(model).build();
 * }</pre>
 *
 * <p>All segments of a call are computed together, unpadded. The end of a segment that is too long
 * to be read together with the query is ignored.
 */
public final class ErnieScoringModel implements ScoringModel, AutoCloseable {
  private final TextScorer scorer;

  private ErnieScoringModel(TextScorer scorer) {
    this.scorer = scorer;
  }

  /** A model over a scorer, as it is. */
  public static ErnieScoringModel of(TextScorer scorer) {
    return new ErnieScoringModel(scorer);
  }

  /**
   * Loads a scoring model: a file, or else a pulled model by name.
   *
   * @throws IOException if there is none, or it cannot be read
   */
  public static ErnieScoringModel load(String fileOrName) throws IOException {
    return new ErnieScoringModel(TextScorer.load(fileOrName).withLongText(LongText.TRUNCATE));
  }

  /**
   * The scores of segments, in their order.
   *
   * @throws IllegalArgumentException if the query or a segment has no tokens
   */
  @Override
  public Response<List<Double>> scoreAll(List<TextSegment> segments, String query) {
    List<TextPair> pairs =
        segments.stream().map(segment -> new TextPair(query, segment.text())).toList();
    return Response.from(scorer.scorePairs(pairs).stream().map(TextScorer.Result::value).toList());
  }

  /** Releases what this model holds besides its weights. */
  @Override
  public void close() {
    scorer.close();
  }
}
