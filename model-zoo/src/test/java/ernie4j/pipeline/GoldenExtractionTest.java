package ernie4j.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import ernie4j.engine.Golden;
import ernie4j.pipeline.ExtractionSchema.Node;
import ernie4j.pipeline.SpanDecoder.Answer;
import ernie4j.pipeline.TextPieces.Piece;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/**
 * Decoding, schemas and long texts against the golden files, whose positions are in code points.
 */
class GoldenExtractionTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static List<JsonNode> lines(String name) throws IOException {
    List<JsonNode> lines = new ArrayList<>();
    for (String line : Files.readAllLines(Golden.path("uie/" + name))) {
      lines.add(JSON.readTree(line));
    }
    assertThat(lines).isNotEmpty();
    return lines;
  }

  private static JsonNode json(String name) throws IOException {
    return JSON.readTree(Golden.path("uie/" + name).toFile());
  }

  /** The UTF-16 index of a position in the golden files. */
  private static int chars(String text, JsonNode codePoints) {
    return text.offsetByCodePoints(0, codePoints.asInt());
  }

  private static double[] doubles(JsonNode values) {
    return StreamSupport.stream(values.spliterator(), false)
        .mapToDouble(JsonNode::asDouble)
        .toArray();
  }

  private static List<String> texts(JsonNode values) {
    return StreamSupport.stream(values.spliterator(), false).map(JsonNode::asText).toList();
  }

  @Test
  void promptsAreConvertedToHalfWidth() throws IOException {
    JsonNode cases = json("width.json");
    assertThat(cases).isNotEmpty();
    for (JsonNode c : cases) {
      assertThat(Prompts.halfWidth(c.get("in").asText())).isEqualTo(c.get("out").asText());
    }
  }

  /**
   * The positions of a golden row. The first [SEP] is the first token after [CLS] without a
   * position.
   */
  private record Row(String prompt, String piece, JsonNode offsets, int separator)
      implements SpanDecoder.Places {
    static Row of(JsonNode c) {
      int separator = 1;
      while (!isNowhere(c.get("offsets").get(separator))) {
        separator++;
      }
      return new Row(
          c.get("prompt").asText(), c.get("content").asText(), c.get("offsets"), separator);
    }

    private static boolean isNowhere(JsonNode offset) {
      return offset.get(0).asInt() == 0 && offset.get(1).asInt() == 0;
    }

    @Override
    public boolean isInText(int token) {
      return !isNowhere(offsets.get(token));
    }

    @Override
    public boolean isInPrompt(int token) {
      return token > 0 && token < separator;
    }

    private int place(int token, int edge) {
      return chars(isInPrompt(token) ? prompt : piece, offsets.get(token).get(edge));
    }

    @Override
    public int start(int token) {
      return place(token, 0);
    }

    @Override
    public int end(int token) {
      return place(token, 1);
    }
  }

  @Test
  void decodesProbabilitiesToGoldenAnswers() throws IOException {
    for (JsonNode c : lines("decode.jsonl")) {
      Row row = Row.of(c);
      List<Answer> answers =
          SpanDecoder.decode(
              row.prompt,
              row.piece,
              row,
              doubles(c.get("start_prob")),
              doubles(c.get("end_prob")),
              c.get("threshold").asDouble());
      String id = c.get("kind").asText() + " " + c.get("id");
      assertThat(answers).as(id).hasSameSizeAs(c.get("expected"));
      for (int i = 0; i < answers.size(); i++) {
        JsonNode expected = c.get("expected").get(i);
        Answer answer = answers.get(i);
        boolean inPrompt = expected.get("in_prompt").asBoolean();
        String within = inPrompt ? row.prompt : row.piece;
        assertThat(answer.inPrompt()).as(id).isEqualTo(inPrompt);
        assertThat(answer.text()).as(id).isEqualTo(expected.get("text").asText());
        assertThat(answer.start()).as(id).isEqualTo(chars(within, expected.get("start")));
        assertThat(answer.end()).as(id).isEqualTo(chars(within, expected.get("end")));
        assertProbability(id, answer.probability(), expected);
      }
    }
  }

  private static void assertProbability(String id, double actual, JsonNode expected) {
    double probability = expected.get("probability").asDouble();
    assertThat(actual).as(id).isCloseTo(probability, within(1e-12 * probability));
  }

  private static Extraction extraction(JsonNode node, String text) {
    Map<String, List<Extraction>> relations = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> below : node.path("relations").properties()) {
      relations.put(below.getKey(), extractions(below.getValue(), text));
    }
    boolean option = !node.has("start");
    return new Extraction(
        node.get("text").asText(),
        option ? -1 : chars(text, node.get("start")),
        option ? -1 : chars(text, node.get("end")),
        node.get("probability").asDouble(),
        relations);
  }

  private static List<Extraction> extractions(JsonNode list, String text) {
    return StreamSupport.stream(list.spliterator(), false).map(n -> extraction(n, text)).toList();
  }

  @Test
  void schemasAskGoldenPromptsAndGiveGoldenTrees() throws IOException {
    JsonNode cases = json("schema.json");
    assertThat(cases).isNotEmpty();
    for (JsonNode c : cases) {
      String schema = c.get("schema").toString();
      if (c.has("error")) {
        assertThatThrownBy(() -> ExtractionSchema.parse(schema))
            .as(schema)
            .isInstanceOf(IllegalArgumentException.class);
      } else {
        checkSchema(c, ExtractionSchema.parse(schema));
      }
    }
  }

  private static void checkSchema(JsonNode c, ExtractionSchema schema) {
    List<String> texts = texts(c.get("texts"));
    Map<String, List<Extraction>> answers = new HashMap<>();
    for (JsonNode a : c.get("answers")) {
      int text = a.get("text").asInt();
      answers.put(
          text + " " + a.get("prompt").asText(), extractions(a.get("results"), texts.get(text)));
    }
    IdentityHashMap<Node, List<String>> asked = new IdentityHashMap<>();
    var trees =
        SchemaWalk.walk(
            schema,
            texts.size(),
            c.get("schema_lang").asText().equals("en"),
            questions -> {
              List<Attempt<List<Extraction>>> results = new ArrayList<>();
              for (SchemaWalk.Question q : questions) {
                String key = q.text() + " " + q.prompt();
                asked.computeIfAbsent(q.node(), unused -> new ArrayList<>()).add(key);
                results.add(Attempt.success(answers.getOrDefault(key, List.of())));
              }
              return results;
            });
    List<Node> nodes = new ArrayList<>(schema.nodes());
    for (int i = 0; i < nodes.size(); i++) {
      nodes.addAll(nodes.get(i).children());
    }
    assertThat(nodes).hasSameSizeAs(c.get("stages"));
    for (int i = 0; i < nodes.size(); i++) {
      JsonNode stage = c.get("stages").get(i);
      List<String> expected = new ArrayList<>();
      stage.get("asked").forEach(a -> expected.add(a.get("text") + " " + a.get("prompt").asText()));
      assertThat(nodes.get(i).name()).isEqualTo(stage.get("node").asText());
      assertThat(asked.getOrDefault(nodes.get(i), List.of())).isEqualTo(expected);
    }
    for (int t = 0; t < texts.size(); t++) {
      Map<String, List<Extraction>> expected = new LinkedHashMap<>();
      for (Map.Entry<String, JsonNode> name : c.get("expected").get(t).properties()) {
        expected.put(name.getKey(), extractions(name.getValue(), texts.get(t)));
      }
      assertThat(trees.get(t).result()).isEqualTo(expected);
    }
  }

  @Test
  void longTextsAreCutAndMerged() throws IOException {
    for (JsonNode c : lines("long_text.jsonl")) {
      List<String> texts = texts(c.get("texts"));
      List<String> prompts = texts(c.get("prompts"));
      int longest =
          prompts.stream().mapToInt(p -> p.codePointCount(0, p.length())).max().orElseThrow();
      int room = TextPieces.room(c.get("max_seq_len").asInt(), longest);
      assertThat(room).isEqualTo(c.get("max_text_len").asInt());
      for (int t = 0; t < texts.size(); t++) {
        String id = "%s %s text %d".formatted(c.get("kind").asText(), c.get("id"), t);
        String text = texts.get(t);
        List<Piece> pieces = TextPieces.of(text, room, c.get("split_sentence").asBoolean());
        List<Piece> expected = new ArrayList<>();
        for (JsonNode piece : c.get("pieces").get(t)) {
          Piece one = new Piece(chars(text, piece.get("start")), chars(text, piece.get("end")));
          assertThat(text.substring(one.start(), one.end())).isEqualTo(piece.get("text").asText());
          expected.add(one);
        }
        assertThat(pieces).as(id).isEqualTo(expected);
        checkMerge(id, c, t, prompts.get(t), pieces);
      }
    }
  }

  private static void checkMerge(String id, JsonNode c, int t, String prompt, List<Piece> pieces) {
    String text = c.get("texts").get(t).asText();
    List<List<Answer>> answers = new ArrayList<>();
    for (int p = 0; p < pieces.size(); p++) {
      String piece = text.substring(pieces.get(p).start(), pieces.get(p).end());
      List<Answer> own = new ArrayList<>();
      for (JsonNode r : c.get("piece_results").get(t).get(p)) {
        boolean option = !r.has("start");
        own.add(
            new Answer(
                r.get("text").asText(),
                option ? 0 : chars(piece, r.get("start")),
                option ? 0 : chars(piece, r.get("end")),
                option,
                r.get("probability").asDouble()));
      }
      answers.add(own);
    }
    List<Extraction> merged = SpanDecoder.merge(prompt, pieces, answers);
    JsonNode expected = c.get("merged").get(t);
    assertThat(merged).as(id).hasSameSizeAs(expected);
    for (int i = 0; i < merged.size(); i++) {
      Extraction wanted = extraction(expected.get(i), text);
      assertThat(merged.get(i).text()).as(id).isEqualTo(wanted.text());
      assertThat(merged.get(i).start()).as(id).isEqualTo(wanted.start());
      assertThat(merged.get(i).end()).as(id).isEqualTo(wanted.end());
      assertProbability(id, merged.get(i).probability(), expected.get(i));
    }
  }
}
