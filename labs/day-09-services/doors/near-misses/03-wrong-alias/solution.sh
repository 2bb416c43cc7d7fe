kubectl create service externalname weather --external-name=wether.example.com
