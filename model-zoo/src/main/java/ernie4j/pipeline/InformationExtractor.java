package ernie4j.pipeline;

import ernie4j.engine.encoder.ExecutionOptions;
import ernie4j.engine.file.Model;
import ernie4j.engine.file.ModelFile;
import ernie4j.engine.head.Head;
import ernie4j.engine.head.HeadOptions;
import ernie4j.engine.head.Task;
import ernie4j.engine.head.WrongTaskException;
import ernie4j.engine.kernels.Kernels;
import ernie4j.tokenizer.Encoding;
import ernie4j.tokenizer.Tokenizer;
import ernie4j.tokenizer.Truncation;
import ernie4j.zoo.cache.ModelCache;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * Extracts what a schema names from texts (UIE): entities, relations, events, opinions and classes,
 * all without training for them. Every name becomes a prompt that the model reads before the text.
 * An extractor may be shared between threads.
 *
 * <pre>{@code
 * InformationExtractor extractor = InformationExtractor.load("uie-nano");
 * ExtractionSchema schema = ExtractionSchema.parse("{\"竞赛名称\": [\"主办方\", \"承办方\"]}");
 * for (Extraction contest : extractor.extract(text, schema).get("竞赛名称")) {
 *   System.out.println(contest.text() + ": " + contest.get("主办方"));
 * }
 * }</pre>
 *
 * <p>A text that is too long for one pass is cut into pieces by characters, and an answer across a
 * cut is lost. {@link #withSplitSentences} cuts between sentences instead. All names at one depth
 * of the schema are asked about all texts together. A question that arises twice is computed once.
 */
public final class InformationExtractor extends Pipeline {
  /** As in the original: later positions are untrained. */
  private static final int USUAL_LENGTH = 512;

  private final Head head;
  private final Choice choice;

  private InformationExtractor(TextEncoder texts, Head head, Choice choice) {
    super(texts);
    this.head = head;
    this.choice = choice;
  }

  /** How texts are read and which spans count; see the methods that set each component. */
  record Choice(int maxLength, boolean sentences, double threshold, boolean english) {}

  /**
   * Returns a pipeline over a model in memory that computes with the fastest kernels of this
   * machine.
   *
   * @param model the information extraction model (UIE), with its vocabulary; not changed
   * @return the pipeline
   * @throws WrongTaskException if the model is for another task
   * @throws IllegalArgumentException if the model has no vocabulary
   */
  public static InformationExtractor of(Model model) {
    return of(model, Kernels.best());
  }

  /**
   * Returns a pipeline over a model in memory that computes with the given kernels.
   *
   * @param model the information extraction model (UIE), with its vocabulary; not changed
   * @param kernels the kernels to compute with
   * @return the pipeline
   * @throws WrongTaskException if the model is for another task
   * @throws IllegalArgumentException if the model has no vocabulary
   */
  public static InformationExtractor of(Model model, Kernels kernels) {
    Pipelines.requireTask(model, Task.INFORMATION_EXTRACTION);
    TextEncoder texts = new TextEncoder(model, kernels);
    Choice choice =
        new Choice(
            Math.min(USUAL_LENGTH, model.config().maxPositions()),
            false,
            Pipelines.number(model, HeadOptions.THRESHOLD, 0.5),
            HeadOptions.ENGLISH.equals(model.options().get(HeadOptions.SCHEMA_LANGUAGE)));
    Head head = Pipelines.head(model, Task.INFORMATION_EXTRACTION, texts);
    return new InformationExtractor(texts, head, choice);
  }

  /**
   * Loads a model file.
   *
   * @param path the {@code .ernie} file
   * @return a pipeline over the model
   * @throws IOException if the file cannot be read, or is damaged or no model file
   * @throws IllegalArgumentException if the model has no vocabulary
   */
  public static InformationExtractor load(Path path) throws IOException {
    return ModelFile.load(path, InformationExtractor::of);
  }

  /**
   * Loads a model by file or by name.
   *
   * @param fileOrName the path of a model file, or else the name of a model in the cache of this
   *     user ({@link ModelCache#standard})
   * @return a pipeline over the model
   * @throws IOException if there is neither such a file nor such a model, or it cannot be read
   * @throws IllegalArgumentException if the model has no vocabulary
   */
  public static InformationExtractor load(String fileOrName) throws IOException {
    return load(ModelCache.standard().locate(fileOrName));
  }

  @Override
  public InformationExtractor withExecution(ExecutionOptions options) {
    return new InformationExtractor(texts.withExecution(options), head, choice);
  }

  /**
   * Returns this pipeline with another threshold.
   *
   * @param threshold from 0 to 1; the default is the model's own, or 0.5. A span counts if the
   *     probabilities of its first and of its last token are both greater, so the probability of
   *     the span, which is their product, may be less
   * @return the new pipeline
   * @throws IllegalArgumentException if it is out of this range
   */
  public InformationExtractor withThreshold(double threshold) {
    if (!(threshold >= 0 && threshold <= 1)) {
      throw new IllegalArgumentException(
          "threshold: expected a number from 0 to 1, got " + threshold);
    }
    return with(new Choice(choice.maxLength, choice.sentences, threshold, choice.english));
  }

  /**
   * Returns this pipeline with another limit on the tokens of a row: [CLS], prompt, [SEP], piece of
   * the text and [SEP].
   *
   * @param tokens the most tokens of a row, from 4 to the model's number of positions; the default
   *     is 512, or the number of positions if that is less
   * @return the new pipeline
   * @throws IllegalArgumentException if it is out of this range
   */
  public InformationExtractor withMaxLength(int tokens) {
    int most = texts.encoder().config().maxPositions();
    if (tokens < 4 || tokens > most) {
      throw new IllegalArgumentException(
          String.format("maximum length: expected 4 to %d tokens, got %d", most, tokens));
    }
    return with(new Choice(tokens, choice.sentences, choice.threshold, choice.english));
  }

  /**
   * Returns this pipeline with another way of cutting texts into pieces.
   *
   * @param sentences true to read every sentence on its own; false, the default, to read as many
   *     characters at once as fit
   * @return the new pipeline
   */
  public InformationExtractor withSplitSentences(boolean sentences) {
    return with(new Choice(choice.maxLength, sentences, choice.threshold, choice.english));
  }

  /**
   * Returns this pipeline for schemas in another language.
   *
   * @param english true for prompts such as "Company of Steve", false for Chinese ones; the default
   *     is what the model's options say
   * @return the new pipeline
   */
  public InformationExtractor withEnglishSchema(boolean english) {
    return with(new Choice(choice.maxLength, choice.sentences, choice.threshold, english));
  }

  private InformationExtractor with(Choice other) {
    return new InformationExtractor(texts, head, other);
  }

  /**
   * What was found in a text.
   *
   * @param text the text
   * @param extractions the answers by the names at the top of the schema, in the order of the
   *     schema; names without answers are left out
   */
  public record Result(String text, Map<String, List<Extraction>> extractions) {
    /** Keeps an unmodifiable copy. */
    public Result {
      extractions = Extraction.copy(extractions);
    }

    /**
     * Returns the answers to a name at the top of the schema.
     *
     * @param name the name, as in the schema
     * @return the answers, unmodifiable; empty if there are none
     */
    public List<Extraction> get(String name) {
      return extractions.getOrDefault(name, List.of());
    }
  }

  /**
   * Extracts what a schema names from one text.
   *
   * @param text the text; may be longer than the model reads at once
   * @param schema what to extract
   * @return what was found
   * @throws IllegalArgumentException if a prompt leaves no room for the text
   */
  public Result extract(String text, ExtractionSchema schema) {
    return extract(List.of(text), schema).get(0);
  }

  /**
   * Extracts from several texts together. Each result is the one that its text has alone.
   *
   * @param inputs the texts, any number of them
   * @param schema what to extract from each
   * @return the results, in the order of the texts; unmodifiable
   * @throws IllegalArgumentException if a prompt leaves no room for a text
   */
  public List<Result> extract(List<String> inputs, ExtractionSchema schema) {
    return Attempt.results(tryExtract(inputs, schema));
  }

  /**
   * Extracts from several texts, where one that cannot be read does not affect the others.
   *
   * @param inputs the texts, any number of them
   * @param schema what to extract from each
   * @return for each text, in the same order, its result or why there is none
   */
  public List<Attempt<Result>> tryExtract(List<String> inputs, ExtractionSchema schema) {
    List<String> distinct = inputs.stream().distinct().collect(Collectors.toList());
    List<Attempt<Map<String, List<Extraction>>>> found =
        SchemaWalk.walk(
            schema, distinct.size(), choice.english, questions -> ask(distinct, questions));
    Map<String, Attempt<Result>> results = new HashMap<>();
    for (int t = 0; t < distinct.size(); t++) {
      String text = distinct.get(t);
      results.put(text, found.get(t).map(named -> new Result(text, named)));
    }
    return List.copyOf(
        inputs.stream()
            .map(text -> Objects.requireNonNull(results.get(text)))
            .collect(Collectors.toList()));
  }

  /**
   * A prompt as it is asked about a text, without a schema: for {@link #tryAsk}.
   *
   * @param text the text to ask about
   * @param prompt the prompt, for example 时间, 北京冬奥会的举办时间 or 情感倾向[正向,负向]
   */
  public record Query(String text, String prompt) {}

  /**
   * Asks prompts about texts, whatever schema they may come from. Queries about the same text
   * should be adjacent, so that it is tokenized once.
   *
   * @param queries the prompts with their texts, any number of them
   * @return for each query, in the same order, its answers (which have no relations) or why there
   *     are none
   */
  public List<Attempt<List<Extraction>>> tryAsk(List<Query> queries) {
    Map<String, Integer> places = new HashMap<>();
    List<String> inputs = new ArrayList<>();
    List<SchemaWalk.Question> questions = new ArrayList<>();
    for (Query query : queries) {
      Integer known = places.putIfAbsent(query.text, inputs.size());
      if (known == null) {
        inputs.add(query.text);
      }
      String asked = prompt(query.prompt);
      questions.add(
          new SchemaWalk.Question(
              known == null ? inputs.size() - 1 : known,
              new ExtractionSchema.Node(query.prompt, List.of()),
              asked,
              asked.codePointCount(0, asked.length())));
    }
    return ask(inputs, questions);
  }

  /**
   * Converts a name to the prompt that the model reads: signs and letters at half width.
   *
   * @param name the name as in a schema
   * @return the prompt, which has as many characters as the name
   */
  public static String prompt(String name) {
    return Prompts.of(name);
  }

  /**
   * Returns what the model reads of a prompt and a text: {@code [CLS] prompt [SEP] text [SEP]}.
   *
   * @param tokenizer the tokenizer of the model
   * @param prompt the name that is asked, before {@link #prompt} converts it
   * @param text the text, or a piece of it
   * @param maxLength the most tokens, [CLS] and [SEP] included; the end of the longer of both is
   *     cut off
   * @return the encoding of the pair
   */
  public static Encoding encode(Tokenizer tokenizer, String prompt, String text, int maxLength) {
    return tokenizer.encode(prompt(prompt), text, Truncation.LONGEST_FIRST, maxLength);
  }

  /** The key of a row: questions with the same key have the same answers. */
  private record Row(int text, String prompt, int longest) {
    static Row of(SchemaWalk.Question question) {
      return new Row(question.text(), question.prompt(), question.longest());
    }
  }

  private List<Attempt<List<Extraction>>> ask(
      List<String> inputs, List<SchemaWalk.Question> questions) {
    List<Row> rows = questions.stream().map(Row::of).distinct().collect(Collectors.toList());
    PieceEncodings encodings = new PieceEncodings(texts, choice.maxLength, choice.sentences);
    // Kept only until the row is answered, usually one pass later.
    Map<Row, List<TextPieces.Piece>> places = new HashMap<>();
    List<Attempt<List<Extraction>>> computed =
        texts.attempt(
            rows,
            row -> {
              PieceEncodings.Pieces pieces =
                  encodings.pieces(inputs.get(row.text), row.prompt, row.longest);
              places.put(row, pieces.places());
              return encodings.windows(pieces, row.prompt);
            },
            states -> TextEncoder.perSequence(head, states),
            (row, windows, logits) -> {
              List<TextPieces.Piece> pieces = Objects.requireNonNull(places.remove(row));
              return answers(inputs.get(row.text), row.prompt, pieces, windows, logits);
            });
    Map<Row, Attempt<List<Extraction>>> byRow = new HashMap<>();
    for (int r = 0; r < rows.size(); r++) {
      byRow.put(rows.get(r), computed.get(r));
    }
    return questions.stream()
        .map(q -> Objects.requireNonNull(byRow.get(Row.of(q))))
        .collect(Collectors.toList());
  }

  private List<Extraction> answers(
      String text,
      String prompt,
      List<TextPieces.Piece> pieces,
      List<Window> windows,
      List<List<float[]>> logits) {
    List<List<SpanDecoder.Answer>> answers = new ArrayList<>(pieces.size());
    for (int p = 0; p < pieces.size(); p++) {
      answers.add(
          SpanDecoder.decode(
              prompt,
              text.substring(pieces.get(p).start(), pieces.get(p).end()),
              SpanDecoder.Places.of(windows.get(p).encoding()),
              SpanPairing.probabilities(logits.get(p).get(0)),
              SpanPairing.probabilities(logits.get(p).get(1)),
              choice.threshold));
    }
    return SpanDecoder.merge(prompt, pieces, answers);
  }
}
