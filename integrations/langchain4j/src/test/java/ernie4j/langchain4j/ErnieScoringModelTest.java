package ernie4j.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ImageContent;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.rag.content.Content;
import dev.langchain4j.rag.content.aggregator.ReRankingContentAggregator;
import dev.langchain4j.rag.query.Query;
import ernie4j.pipeline.TextScorer;
import ernie4j.pipeline.TinyModels;
import ernie4j.pipeline.Tokenizers;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ErnieScoringModelTest {
  private static final List<String> DOCUMENTS = List.of("天地玄黄", "宇宙洪荒", "日月盈昃", "辰宿列张");

  private final TextScorer scorer = TextScorer.of(TinyModels.scorer());

  @Test
  void scoresAreThoseOfTheScorer() {
    ErnieScoringModel model = ErnieScoringModel.of(scorer);
    List<TextSegment> segments = DOCUMENTS.stream().map(TextSegment::from).toList();
    assertThat(model.scoreAll(segments, "天").content())
        .containsExactlyElementsOf(
            DOCUMENTS.stream().map(document -> scorer.score("天", document).value()).toList());
    assertThat(model.score("天地玄黄", "天").content()).isEqualTo(scorer.score("天", "天地玄黄").value());
  }

  @Test
  void contentsAreReranked() {
    Query query = Query.from("天");
    List<Content> contents = DOCUMENTS.stream().map(Content::from).toList();
    List<String> ranked =
        ReRankingContentAggregator.builder()
            .scoringModel(ErnieScoringModel.of(scorer))
            .build()
            .aggregate(Map.of(query, List.of(contents)))
            .stream()
            .map(content -> content.textSegment().text())
            .toList();
    assertThat(ranked)
        .containsExactlyElementsOf(
            DOCUMENTS.stream()
                .sorted(
                    Comparator.comparingDouble((String d) -> scorer.score("天", d).value())
                        .reversed())
                .toList());
  }

  @Test
  void tokensOfMessagesAreCounted() {
    ErnieTokenCountEstimator estimator =
        new ErnieTokenCountEstimator(Tokenizers.of(TinyModels.scorer()));
    assertThat(estimator.estimateTokenCountInText("天地玄黄")).isEqualTo(4);
    assertThat(estimator.estimateTokenCountInText("")).isZero();
    assertThat(
            estimator.estimateTokenCountInMessages(
                List.of(SystemMessage.from("天"), UserMessage.from("天地"), AiMessage.from("天地玄"))))
        .isEqualTo(6);
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                estimator.estimateTokenCountInMessage(
                    UserMessage.from(ImageContent.from("http://127.0.0.1/picture.png"))))
        .withMessageContaining("one text");
  }
}
