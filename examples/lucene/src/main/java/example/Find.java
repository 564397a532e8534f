package example;

import dev.langchain4j.model.embedding.onnx.bgesmallzh.BgeSmallZhEmbeddingModel;
import ernie4j.pipeline.SentenceEmbedder;
import ernie4j.zoo.ModelImport;
import java.nio.file.Path;
import java.util.List;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.KnnFloatVectorField;
import org.apache.lucene.document.TextField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.VectorSimilarityFunction;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.KnnFloatVectorQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.store.ByteBuffersDirectory;
import org.apache.lucene.util.QueryBuilder;

/** Finds texts by their meaning and by their words. */
public class Find {
  public static void main(String[] arguments) throws Exception {
    var weights = BgeSmallZhEmbeddingModel.class.getProtectionDomain().getCodeSource();
    // To load a model file: SentenceEmbedder.load("bge-small-zh.ernie")
    var embedder =
        SentenceEmbedder.of(ModelImport.read(Path.of(weights.getLocation().toURI())).model());
    Analyzer analyzer = new ErnieAnalyzer(embedder.tokenizer());

    try (var directory = new ByteBuffersDirectory()) {
      try (var writer = new IndexWriter(directory, new IndexWriterConfig(analyzer))) {
        for (String text : List.of("七天之内可以退货", "早上九点到晚上六点营业", "全市包邮，次日送达")) {
          Document document = new Document();
          document.add(new TextField("text", text, Field.Store.YES));
          document.add(
              new KnnFloatVectorField(
                  "meaning", embedder.embed(text), VectorSimilarityFunction.DOT_PRODUCT));
          writer.addDocument(document);
        }
      }
      try (var reader = DirectoryReader.open(directory)) {
        var searcher = new IndexSearcher(reader);
        print(searcher, new KnnFloatVectorQuery("meaning", embedder.embed("几点关门"), 1));
        print(searcher, new QueryBuilder(analyzer).createPhraseQuery("text", "包邮"));
      }
    }
  }

  private static void print(IndexSearcher searcher, Query query) throws Exception {
    int document = searcher.search(query, 1).scoreDocs[0].doc;
    System.out.println(searcher.storedFields().document(document).get("text"));
  }
}
