package ernie4j.server.task;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import ernie4j.engine.encoder.ExecutionOptions;
import ernie4j.engine.file.Model;
import ernie4j.engine.head.Task;
import ernie4j.engine.head.WrongTaskException;
import ernie4j.pipeline.Attempt;
import ernie4j.pipeline.InformationExtractor;
import ernie4j.pipeline.JointSlu;
import ernie4j.pipeline.LongText;
import ernie4j.pipeline.MultiLabelClassifier;
import ernie4j.pipeline.Pipeline;
import ernie4j.pipeline.QuestionAnswerer;
import ernie4j.pipeline.SentenceEmbedder;
import ernie4j.pipeline.TextClassifier;
import ernie4j.pipeline.TextPair;
import ernie4j.pipeline.TextScorer;
import ernie4j.pipeline.TokenTagger;
import ernie4j.pipeline.json.ResultJson;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Creates the service for each task. */
final class TaskServices {
  private static final int MOST_ANSWERS = 20;
  private static final String QUERY = "query";
  private static final String DOCUMENTS = "documents";
  private static final String TOP_N = "top_n";
  private static final String CONTEXT = "context";
  private static final String BEST = "best";
  private static final String SCHEMA = "schema";
  private static final String THRESHOLD = "threshold";
  private static final Set<String> INPUT_ONLY = Set.of(RequestFields.INPUT);

  private TaskServices() {}

  /**
   * The service for the task of a model.
   *
   * @param longText how long texts are treated, in pipelines that support it; null for the default
   *     of the pipeline
   * @throws WrongTaskException if the task has no HTTP interface
   */
  static TaskService<?> of(Model model, @Nullable LongText longText, ExecutionOptions execution) {
    Task task = Task.of(model.task());
    // Only some pipelines support windows; with several models, the option is meant for those.
    LongText whole = longText == LongText.WINDOW ? null : longText;
    return switch (task) {
      case ENCODER ->
          EmbeddingsRoute.service(
              with(longText, SentenceEmbedder.of(model), SentenceEmbedder::withLongText)
                  .withExecution(execution));
      case JOINT_INTENT_SLOTS ->
          parse(with(whole, JointSlu.of(model), JointSlu::withLongText).withExecution(execution));
      case SEQUENCE_CLASSIFICATION ->
          classify(
              with(whole, TextClassifier.of(model), TextClassifier::withLongText)
                  .withExecution(execution));
      case MULTI_LABEL_CLASSIFICATION ->
          classify(
              with(whole, MultiLabelClassifier.of(model), MultiLabelClassifier::withLongText)
                  .withExecution(execution));
      case SCORING ->
          score(
              with(whole, TextScorer.of(model), TextScorer::withLongText).withExecution(execution));
      case TOKEN_CLASSIFICATION ->
          tag(
              with(longText, TokenTagger.of(model), TokenTagger::withLongText)
                  .withExecution(execution));
      case QUESTION_ANSWERING ->
          answer(
              with(longText, QuestionAnswerer.of(model), QuestionAnswerer::withLongText)
                  .withExecution(execution));
      case INFORMATION_EXTRACTION ->
          extract(InformationExtractor.of(model).withExecution(execution));
      default ->
          throw new WrongTaskException(
              "serve: a model for the task %s has no HTTP interface; expected one for embeddings, parse, classify, score, tag, answer or extract"
                  .formatted(task));
    };
  }

  private static <P> P with(
      @Nullable LongText policy, P pipeline, BiFunction<P, LongText, P> withLongText) {
    return policy == null ? pipeline : withLongText.apply(pipeline, policy);
  }

  /** A task with one route, whose response has an object for every text. */
  private static <R> TaskService<R> service(
      Pipeline pipeline,
      TaskService.Computation<R> computation,
      String path,
      Set<String> fields,
      Route.Reader reader,
      BiConsumer<ObjectNode, R> item) {
    return new TaskService<>(
        pipeline, computation, List.of(new Route<>(path, fields, reader, new ItemWriter<>(item))));
  }

  private static <R> TaskService.Computation<R> textsOrPairs(
      Function<List<String>, List<Attempt<R>>> ofTexts,
      Function<List<TextPair>, List<Attempt<R>>> ofPairs) {
    return (inputs, parameters) ->
        parameters.pairs() ? ofPairs.apply(pairs(inputs)) : ofTexts.apply(texts(inputs));
  }

  private static TaskService<JointSlu.Result> parse(JointSlu slu) {
    return service(
        slu,
        (inputs, parameters) -> slu.tryParse(texts(inputs)),
        Paths.PARSE,
        INPUT_ONLY,
        TaskServices::textsOnly,
        ResultJson::add);
  }

  private static TaskService<TextClassifier.Result> classify(TextClassifier classifier) {
    return service(
        classifier,
        textsOrPairs(classifier::tryClassify, classifier::tryClassifyPairs),
        Paths.CLASSIFY,
        INPUT_ONLY,
        TaskServices::textsOrPairs,
        ResultJson::add);
  }

  private static TaskService<MultiLabelClassifier.Result> classify(
      MultiLabelClassifier classifier) {
    return service(
        classifier,
        textsOrPairs(classifier::tryClassify, classifier::tryClassifyPairs),
        Paths.CLASSIFY,
        INPUT_ONLY,
        TaskServices::textsOrPairs,
        ResultJson::add);
  }

  private static TaskService<TokenTagger.Result> tag(TokenTagger tagger) {
    return service(
        tagger,
        (inputs, parameters) -> tagger.tryTag(texts(inputs)),
        Paths.TAG,
        INPUT_ONLY,
        TaskServices::textsOnly,
        ResultJson::add);
  }

  private static TaskService<TextScorer.Result> score(TextScorer scorer) {
    return new TaskService<>(
        scorer,
        textsOrPairs(scorer::tryScore, scorer::tryScorePairs),
        List.of(
            new Route<>(
                Paths.SCORE,
                Set.of(RequestFields.INPUT, QUERY, DOCUMENTS),
                request ->
                    request.has(QUERY) || request.has(DOCUMENTS)
                        ? ranking(request)
                        : textsOrPairs(request),
                new ItemWriter<TextScorer.Result>(ResultJson::add)),
            new Route<>(
                Paths.RERANK,
                Set.of(QUERY, DOCUMENTS, TOP_N),
                request -> {
                  topN(request, 1);
                  return ranking(request);
                },
                TaskServices::writeRanking)));
  }

  private static TaskService<QuestionAnswerer.Result> answer(QuestionAnswerer answerer) {
    return service(
        answerer,
        (inputs, parameters) ->
            answerer
                .withBest(parameters.best())
                .tryAnswer(
                    inputs.stream()
                        .map(i -> new QuestionAnswerer.Query(i.text(), other(i)))
                        .toList()),
        Paths.ANSWER,
        Set.of(RequestFields.INPUT, CONTEXT, BEST),
        TaskServices::questions,
        ResultJson::add);
  }

  private static TaskService<InformationExtractor.Result> extract(InformationExtractor extractor) {
    return service(
        extractor,
        (inputs, parameters) ->
            (parameters.threshold() == null
                    ? extractor
                    : extractor.withThreshold(parameters.threshold()))
                .tryExtract(texts(inputs), Objects.requireNonNull(parameters.schema())),
        Paths.EXTRACT,
        Set.of(RequestFields.INPUT, SCHEMA, THRESHOLD),
        TaskServices::textsAndSchema,
        ResultJson::add);
  }

  private static Route.Question questions(RequestFields request) {
    String context = request.text(CONTEXT);
    return new Route.Question(
        request.texts(RequestFields.INPUT).stream()
            .map(question -> new Input(question, context))
            .toList(),
        new Parameters(true, null, null, request.count(BEST, MOST_ANSWERS, 1)));
  }

  private static Route.Question textsAndSchema(RequestFields request) {
    return new Route.Question(
        request.inputs(),
        new Parameters(
            false, SchemaField.read(SCHEMA, request), request.optionalNumber(THRESHOLD, 0, 1), 1));
  }

  private static Route.Question textsOnly(RequestFields request) {
    return new Route.Question(request.inputs(), Parameters.TEXTS);
  }

  private static Route.Question textsOrPairs(RequestFields request) {
    return request.hasPairs()
        ? new Route.Question(request.pairs(), Parameters.PAIRS)
        : textsOnly(request);
  }

  private static Route.Question ranking(RequestFields request) {
    String query = request.text(QUERY);
    if (request.has(RequestFields.INPUT)) {
      throw RequestException.invalid(
          RequestFields.INPUT, "input: expected nothing besides query and documents");
    }
    return new Route.Question(
        DOCUMENTS,
        request.texts(DOCUMENTS).stream().map(document -> new Input(query, document)).toList(),
        Parameters.PAIRS);
  }

  private static int topN(RequestFields request, int otherwise) {
    return request.count(TOP_N, Integer.MAX_VALUE, otherwise);
  }

  private static void writeRanking(
      ObjectNode response,
      RequestFields request,
      Route.Question question,
      List<Attempt<TextScorer.Result>> results) {
    ItemWriter.requireAll(request, question, results);
    int count = topN(request, results.size());
    ArrayNode ranked = response.putArray("results");
    IntStream.range(0, results.size())
        .boxed()
        .sorted(
            Comparator.comparingDouble((Integer i) -> results.get(i).result().value()).reversed())
        .limit(count)
        .forEach(
            i ->
                ranked
                    .addObject()
                    .put("index", i)
                    .put("relevance_score", results.get(i).result().value()));
  }

  static List<String> texts(List<Input> inputs) {
    return inputs.stream().map(Input::text).toList();
  }

  private static List<TextPair> pairs(List<Input> inputs) {
    return inputs.stream().map(input -> new TextPair(input.text(), other(input))).toList();
  }

  private static String other(Input input) {
    return Objects.requireNonNull(input.other());
  }
}
