package example;

import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.onnx.bgesmallzh.BgeSmallZhEmbeddingModel;
import dev.langchain4j.rag.content.retriever.EmbeddingStoreContentRetriever;
import dev.langchain4j.rag.query.Query;
import dev.langchain4j.store.embedding.inmemory.InMemoryEmbeddingStore;
import ernie4j.engine.file.Model;
import ernie4j.langchain4j.ErnieEmbeddingModel;
import ernie4j.pipeline.SentenceEmbedder;
import ernie4j.zoo.ModelImport;
import java.nio.file.Path;
import java.util.List;

/** Finds the text that answers a question, in memory. */
public class Search {
  public static void main(String[] arguments) throws Exception {
    var weights = BgeSmallZhEmbeddingModel.class.getProtectionDomain().getCodeSource();
    Model bge = ModelImport.read(Path.of(weights.getLocation().toURI())).model();
    // To load a model file: ErnieEmbeddingModel.load("bge-small-zh.ernie")
    var model = ErnieEmbeddingModel.of(SentenceEmbedder.of(bge), "bge-small-zh");

    var store = new InMemoryEmbeddingStore<TextSegment>();
    for (String text : List.of("七天之内可以退货", "早上九点到晚上六点营业", "全市包邮")) {
      store.add(model.embed(text).content(), TextSegment.from(text));
    }
    var retriever = new EmbeddingStoreContentRetriever(store, model, 1);
    System.out.println(retriever.retrieve(Query.from("几点关门")).get(0).textSegment().text());
  }
}
