package server

import (
	"context"
	"fmt"
	"net/http"
	"strconv"

	"github.com/danielgtaylor/huma/v2"
)

type blobInput struct {
	Book string `path:"book" maxLength:"64"`
	Hash string `path:"sha256" pattern:"^[0-9a-f]{64}$" doc:"SHA-256 of the bytes, in lower-case hex"`
}

func (s *Server) registerBlobs(h huma.API) {
	const path = "/v1/books/{book}/blobs/{sha256}"
	type put struct {
		Book    string `path:"book" maxLength:"64"`
		Hash    string `path:"sha256" pattern:"^[0-9a-f]{64}$" doc:"SHA-256 of the bytes, in lower-case hex"`
		RawBody []byte `contentType:"application/octet-stream"`
	}
	huma.Register(h, huma.Operation{
		OperationID: "put-blob", Method: http.MethodPut, Path: path, Security: signedIn, MaxBodyBytes: int64(s.limits.BlobBytes) + 1, BodyReadTimeout: bodyTime,
		Metadata: map[string]any{metadataTooLarge: fmt.Sprintf("a blob has at most %d bytes", s.limits.BlobBytes)},
		Summary:  "Send a blob; a repeat is harmless", Errors: []int{400, 401, 403, 404, 413, 422},
	}, func(ctx context.Context, in *put) (*struct{}, error) {
		if err := s.mayWrite(ctx, in.Book); err != nil {
			return nil, s.fail(ctx, err)
		}
		if err := s.store.PutBlob(ctx, in.Book, in.Hash, in.RawBody); err != nil {
			return nil, s.fail(ctx, err)
		}
		return nil, nil
	})
	type blob struct {
		ContentType  string `header:"Content-Type"`
		CacheControl string `header:"Cache-Control"`
		Body         []byte
	}
	huma.Register(h, huma.Operation{
		OperationID: "get-blob", Method: http.MethodGet, Path: path, Security: signedIn, Summary: "Fetch a blob", Errors: []int{401, 404, 422},
	}, func(ctx context.Context, in *blobInput) (*blob, error) {
		if err := s.mayRead(ctx, in.Book); err != nil {
			return nil, s.fail(ctx, err)
		}
		data, err := s.store.Blob(ctx, in.Book, in.Hash)
		if err != nil {
			return nil, s.fail(ctx, err)
		}
		return &blob{"application/octet-stream", "private, max-age=31536000, immutable", data}, nil
	})
	type size struct {
		ContentLength string `header:"Content-Length"`
		ContentType   string `header:"Content-Type"`
	}
	huma.Register(h, huma.Operation{
		OperationID: "head-blob", Method: http.MethodHead, Path: path, Security: signedIn, Summary: "Ask whether a blob is there", Errors: []int{401, 404, 422},
	}, func(ctx context.Context, in *blobInput) (*size, error) {
		if err := s.mayRead(ctx, in.Book); err != nil {
			return nil, s.fail(ctx, err)
		}
		n, err := s.store.BlobSize(ctx, in.Book, in.Hash)
		if err != nil {
			return nil, s.fail(ctx, err)
		}
		return &size{strconv.FormatInt(n, 10), "application/octet-stream"}, nil
	})
}
